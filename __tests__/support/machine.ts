// A machine that is neither a runner nor an agent: another CI system's, a pod, a developer's desk; in the played cloud.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { LocalCloud } from '../../local-cloud/cloud.js';
import { type Output, runStepProcess } from '../../local-cloud/step-process.js';
import { NODE, PROJECT } from './hosts.js';

type Strings = Readonly<Record<string, string>>;

/** What the pages write for the place of a copy of this repository. */
const REPOSITORY = 'https://github.com/OWNER/patless';
export const TAG = 'v1.0.0';

export class Machine {
  /** What a job or a person would leave something in; searched for secrets. */
  readonly root = mkdtempSync(join(tmpdir(), 'machine-'));
  readonly home = join(this.root, 'home');
  readonly workspace = join(this.root, 'workspace');
  readonly temp = join(this.root, 'temp');
  /** Programs of the machine, and what they know. */
  readonly programs = mkdtempSync(join(tmpdir(), 'programs-'));
  private readonly environment: Strings;

  /** @param environment As the CI system, or nobody, has it. */
  constructor(cloud: LocalCloud, environment: Strings = {}) {
    for (const folder of [this.home, this.workspace, this.temp]) mkdirSync(folder);
    const gitConfig = join(this.programs, 'gitconfig');
    writeFileSync(gitConfig, `[url "file://${repository()}"]\n\tinsteadOf = ${REPOSITORY}\n`);
    this.environment = {
      PATH: [this.programs, dirname(NODE), process.env.PATH].join(delimiter),
      HOME: this.home,
      TMPDIR: this.temp,
      GIT_CONFIG_SYSTEM: gitConfig,
      GIT_TERMINAL_PROMPT: '0',
      ...cloud.networkEnvironment(),
      ...environment,
    };
  }

  /** A stand-in for a program, as a script of the shell. */
  install(name: string, script: string): void {
    const path = join(this.programs, name);
    writeFileSync(path, `#!/bin/sh\n${script}`);
    chmodSync(path, 0o700);
  }

  run(command: string, args: readonly string[], environment: Strings = {}): Promise<Output> {
    const env = { ...this.environment, ...environment };
    return runStepProcess(command, args, {
      cwd: this.workspace,
      env,
      onLine: () => undefined,
      onStart: undefined,
    });
  }

  /** By a shell that ends at the first failure. */
  shell(script: string, environment: Strings = {}): Promise<Output> {
    return this.run('bash', ['-eo', 'pipefail', '-c', script], environment);
  }

  remove(): void {
    for (const folder of [this.root, this.programs]) rmSync(folder, { recursive: true, force: true });
  }
}

/** With what a checkout has of the program, once for each file of tests. */
let madeRepository: string | undefined;

function repository(): string {
  if (madeRepository !== undefined) return madeRepository;
  const folder = mkdtempSync(join(tmpdir(), 'repository-'));
  for (const name of ['dist', 'package.json']) {
    cpSync(join(PROJECT, name), join(folder, name), { recursive: true });
  }
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args]);
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'a');
  git('tag', TAG);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  madeRepository = folder;
  return folder;
}
