// One job as GitHub runs it: steps as processes, file commands, masks, and post steps in reverse order.
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { runStepProcess } from '../step-process.js';
import { parseKeyValueFile } from './file-commands.js';
import { type LogCommand, parseLogCommand } from './log-commands.js';
import { Masker } from './masker.js';

export interface JobOptions {
  /** Runs the action's JavaScript; the Node at hand unless another one is given. */
  readonly node?: string;
  /** What the machine gives to every step: proxy and trust variables, OIDC variables, GITHUB_…. */
  readonly environment: Readonly<Record<string, string>>;
  /** The event's name and payload. */
  readonly event?: { readonly name: string; readonly payload: unknown };
  /** Sees the process of each step as it starts; a test may kill it. */
  readonly onStart?: (process: ChildProcess) => void;
  /** Called with each masked line, as it would stand in the log. */
  readonly print?: (line: string) => void;
}

export interface StepResult {
  readonly exitCode: number;
  /** Unmasked, for leak tests. */
  readonly stdout: string;
  readonly stderr: string;
  /** What the step's log shows: masked; of a command, its text. */
  readonly log: string;
  readonly commands: readonly LogCommand[];
  /** What the step wrote to each of the host's files. */
  readonly environment: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly state: ReadonlyMap<string, string>;
  readonly summary: string;
}

interface ActionManifest {
  readonly inputs?: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

const FILES = ['ENV', 'OUTPUT', 'STATE', 'PATH', 'STEP_SUMMARY'] as const;
type FileName = (typeof FILES)[number];

/** `shell: bash`, and no `shell:` at all: only a shell that is named sees a failure within a pipe. */
export const NAMED_BASH = ['--noprofile', '--norc', '-eo', 'pipefail'];
export const UNNAMED_SHELL = ['-e'];

export class Job {
  readonly masker = new Masker();
  /** The whole log, masked. */
  readonly lines: string[] = [];
  readonly #environment = new Map<string, string>();
  readonly #path: string[] = [];
  readonly #posts: (() => Promise<StepResult>)[] = [];

  private constructor(
    readonly workspace: string,
    readonly temp: string,
    readonly home: string,
    /** Holds the folders above. */
    readonly root: string,
    private readonly options: JobOptions,
  ) {}

  static async start(options: JobOptions): Promise<Job> {
    const root = await mkdtemp(join(tmpdir(), 'job-'));
    const [workspace, temp, home] = ['workspace', 'temp', 'home'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    for (const folder of [workspace, temp, home]) await mkdir(folder);
    await writeFile(join(root, 'event.json'), JSON.stringify(options.event?.payload ?? {}));
    const job = new Job(workspace, temp, home, root, options);
    const requestToken = options.environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    if (requestToken) job.masker.add(requestToken);
    return job;
  }

  /** Variables that earlier steps have set for later ones. */
  get environment(): ReadonlyMap<string, string> {
    return this.#environment;
  }

  /** `uses: ./folder`, with the inputs of its `with:`. */
  async action(
    folder: string,
    inputs: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ) {
    const manifest = parse(await readFile(join(folder, 'action.yml'), 'utf8')) as ActionManifest;
    if (!/^node\d+$/.test(manifest.runs.using)) throw new Error(`cannot run using: ${manifest.runs.using}`);
    const given = { ...inputDefaults(manifest), ...inputs };
    const variables = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
        value,
      ]),
    );
    const state = new Map<string, string>();
    const node = this.options.node ?? process.execPath;
    const program = (file: string) => () =>
      this.#step(node, [join(folder, file)], { ...env, ...variables, ...stateVariables(state) });
    const { main, post } = manifest.runs;
    // The runner registers the post step before main runs, so that it runs whatever becomes of main.
    if (post !== undefined) this.#posts.unshift(program(post));
    const result = await program(main)();
    for (const [name, value] of result.state) state.set(name, value);
    return result;
  }

  /** `run:` on Linux. */
  async shell(
    script: string,
    env: Readonly<Record<string, string>> = {},
    options: readonly string[] = NAMED_BASH,
  ): Promise<StepResult> {
    const file = join(this.temp, `${randomUUID()}.sh`);
    await writeFile(file, script);
    return this.#step('bash', [...options, file], env);
  }

  /** Runs the post steps, last action first. */
  async end(): Promise<StepResult[]> {
    const results = [];
    for (const post of this.#posts.splice(0)) results.push(await post());
    return results;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** What a step's process finds in its environment. */
  stepEnvironment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
    const systemPath = process.env.PATH ?? '';
    return {
      HOME: this.home,
      LANG: 'C.UTF-8',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: this.workspace,
      GITHUB_EVENT_NAME: this.options.event?.name ?? 'push',
      GITHUB_EVENT_PATH: join(this.root, 'event.json'),
      GITHUB_REPOSITORY: 'contoso/widgets',
      GITHUB_SERVER_URL: 'https://github.com',
      RUNNER_TEMP: this.temp,
      RUNNER_OS: 'Linux',
      ...this.options.environment,
      ...Object.fromEntries(this.#environment),
      ...env,
      PATH: [...this.#path, systemPath].join(delimiter),
    };
  }

  async #step(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<StepResult> {
    const files = await this.#newFiles();
    const variables = Object.fromEntries(FILES.map((name) => [`GITHUB_${name}`, files[name]]));
    const start = this.lines.length;
    const commands: LogCommand[] = [];
    const { exitCode, stdout, stderr } = await runStepProcess(command, args, {
      cwd: this.workspace,
      env: { ...this.stepEnvironment(env), ...variables },
      onStart: this.options.onStart,
      onLine: (line) => {
        const found = parseLogCommand(line);
        if (found === undefined) return this.#print(line);
        commands.push(found);
        if (found.name === 'add-mask') return this.masker.add(found.data);
        return this.#print(`${found.name === 'debug' ? '##[debug]' : `${found.name}: `}${found.data}`);
      },
    });
    const read = (name: FileName) => readFileSync(files[name], 'utf8');
    const exported = parseKeyValueFile(read('ENV'));
    for (const [name, value] of exported) {
      if (name.toUpperCase() === 'NODE_OPTIONS') throw new Error("Can't store NODE_OPTIONS output parameter");
      this.#environment.set(name, value);
    }
    this.#path.unshift(...read('PATH').split('\n').filter(Boolean).reverse());
    const result = {
      exitCode,
      stdout,
      stderr,
      log: this.lines.slice(start).join('\n'),
      commands,
      environment: exported,
      outputs: parseKeyValueFile(read('OUTPUT')),
      state: parseKeyValueFile(read('STATE')),
      summary: read('STEP_SUMMARY'),
    };
    // As the runner does: these files hold secrets by their nature.
    rmSync(dirname(files.ENV), { recursive: true });
    return result;
  }

  async #newFiles(): Promise<Record<FileName, string>> {
    const folder = join(this.root, 'file-commands', randomUUID());
    await mkdir(folder, { recursive: true });
    const entries = FILES.map((name) => [name, join(folder, name.toLowerCase())] as const);
    for (const [, path] of entries) await writeFile(path, '');
    return Object.fromEntries(entries) as Record<FileName, string>;
  }

  #print(text: string): void {
    for (const line of this.masker.mask(text).split('\n')) {
      this.lines.push(line);
      this.options.print?.(line);
    }
  }
}

function inputDefaults({ inputs = {} }: ActionManifest): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default ?? '']));
}

function stateVariables(state: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...state].map(([name, value]) => [`STATE_${name}`, value]));
}
