// A shell or a tool that starts our command-line program: its environment, its streams, and the CI system around it.
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import type { Terminal } from '../cli/terminal.js';
import { systemClock } from '../clock.js';
import { agentProxy, contactedHosts } from './agent-proxy.js';
import { ciSystem } from './ci-systems.js';

/** Changes the environment of this process where the agent of Azure Pipelines has a proxy of its own. */
export function commandLine(stop: AbortSignal): Terminal {
  Object.assign(process.env, agentProxy(process.env, contactedHosts(process.env)));
  const { identities, trigger, maskLine } = ciSystem(process.env);
  return {
    environment: process.env,
    temp: process.env.RUNNER_TEMP || process.env.AGENT_TEMPDIRECTORY || tmpdir(),
    identities,
    trigger: () => trigger(process.env),
    get lines() {
      return createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
    },
    write: (text) => void process.stdout.write(text),
    tell: (line) => void process.stderr.write(`${line}\n`),
    status: (line) => {
      // ECMA-48: to the first column, and everything after it erased.
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
    },
    // Standard output is what the caller reads; the hosts look for commands in both streams.
    mask: (values) => (maskLine === undefined ? Promise.resolve() : written(values.map(maskLine).join(''))),
    isInteractive: process.stdin.isTTY === true,
    // Loaded late: most calls need no network.
    send: async (...args) => (await import('../http.js')).send(...args),
    clock: systemClock,
    stop,
  };
}

function written(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stderr.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
