// Runs one step's process as runners and agents do: reads stdout and stderr line by line, as they come.
import { type ChildProcess, spawn } from 'node:child_process';

export interface StepProcess {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** Sees the process as it starts; a test may kill it. */
  readonly onStart: ((process: ChildProcess) => void) | undefined;
}

export interface Output {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runStepProcess(
  command: string,
  args: readonly string[],
  { cwd, env, onLine, onStart }: StepProcess,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    onStart?.(child);
    const output = { stdout: '', stderr: '' };
    const rest = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        output[name] += chunk;
        const lines = (rest[name] + chunk).split(/\r?\n/);
        rest[name] = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      for (const line of [rest.stdout, rest.stderr].filter(Boolean)) onLine(line);
      resolve({ exitCode: code ?? 1, ...output });
    });
  });
}
