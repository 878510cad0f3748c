// Runs one command in place of ourselves: same terminal, signals passed on, and the exit code that a shell would give.
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import spawn from 'cross-spawn';
import type { Environment } from '../hosts/host.js';

/** What shells say of a command that cannot be started: it is there, and cannot be run; it is not there. */
const NOT_RUNNABLE = 126;
const NOT_FOUND = 127;

/** What a terminal sends, it sends to the command too: a second one would mean "at once" to many. */
const BY_TERMINAL = ['SIGINT', 'SIGQUIT', 'SIGHUP'] as const;
const BY_OTHERS = ['SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const;
const ON_WINDOWS = ['SIGINT', 'SIGBREAK', 'SIGHUP', 'SIGTERM'] as const;

/** @returns the exit code; after a signal, 128 and its number. @throws the error of spawn() only when it has no code. */
export async function runChild(
  [command = '', ...args]: readonly string[],
  environment: Environment,
  hasTerminal: boolean,
): Promise<{ readonly exitCode: number; readonly problem?: string }> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...environment } });
  const stopPassing = passSignalsTo(child, hasTerminal);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        error.code === undefined ? reject(error) : resolve(notStarted(error.code)),
      );
      child.once('exit', (code, signal) =>
        resolve({ exitCode: code ?? 128 + (signal ? constants.signals[signal] : 0) }),
      );
    });
  } finally {
    stopPassing();
  }
}

function notStarted(code: string): { exitCode: number; problem: string } {
  return code === 'ENOENT'
    ? { exitCode: NOT_FOUND, problem: 'command not found' }
    : { exitCode: NOT_RUNNABLE, problem: `cannot be run (${code})` };
}

/** All are listened to, so that none ends us before the command has ended and its credentials are taken away. */
function passSignalsTo(child: ChildProcess, hasTerminal: boolean): () => void {
  const signals = process.platform === 'win32' ? ON_WINDOWS : [...BY_TERMINAL, ...BY_OTHERS];
  const listeners = signals.map((signal) => {
    const comesTwice = hasTerminal && (BY_TERMINAL as readonly string[]).includes(signal);
    return [signal, () => void (comesTwice || child.kill(signal))] as const;
  });
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
