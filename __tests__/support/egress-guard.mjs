// Loaded into patless before it starts: refuses, and notes, every connection, name look-up and process that is not allowed.
import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const allowed = (process.env.EGRESS_ALLOWED ?? '').split(',');

function check(what) {
  if (allowed.includes(what)) return;
  appendFileSync(process.env.EGRESS_NOTES, `${what}\n`);
  throw new Error(`egress guard: ${what}`);
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function guarded(...args) {
  // As the callers in node:net hand it over: an array of options and callback.
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const {
    host = 'localhost',
    port,
    path,
  } = typeof first === 'object' ? first : { port: first, host: args[1] };
  check(!path ? `tcp ${host}:${port}` : `pipe ${path}`);
  return connect.apply(this, args);
};
dgram.Socket.prototype.send = (...args) => check(`udp ${args.slice(1).join(' ')}`);
for (const resolver of [dns, dns.promises]) {
  for (const name of Object.keys(resolver).filter((key) => /^(?:lookup|resolve|reverse)/.test(key))) {
    const original = resolver[name];
    resolver[name] = (host, ...rest) => {
      if (!net.isIP(host)) check(`dns ${host}`);
      return original(host, ...rest);
    };
  }
}
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  const original = childProcess[name];
  childProcess[name] = (program, ...rest) => {
    check(`process ${String(program).replace(/^.*[/\\]/, '')}`);
    return original(program, ...rest);
  };
}
syncBuiltinESMExports();
