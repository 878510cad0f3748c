// npm run bench: the present build beside the floor and the incumbent, whole processes, in rotation. Linux only.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundle, bytesIn } from '../../scripts/ncc.js';
import { type LocalCloud, startLocalCloud } from '../cloud.js';
import { parseKeyValueFile } from '../runner/file-commands.js';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const FLOOR = join(PROJECT, 'local-cloud/bench/floor.mjs');
const MAIN = join(PROJECT, 'dist/github-main/index.js');
const POST = join(PROJECT, 'dist/github-post/index.js');
/** The Node that runs what is measured; a runner has Node 24. */
const NODE = process.env.PATLESS_TEST_NODE ?? process.execPath;
const ROUNDS = Number(process.env.PATLESS_BENCH_ROUNDS ?? 15);
/** The built main program of azure/login; without it, the commands that it runs are measured in its place. */
const AZURE_LOGIN = process.env.AZURE_LOGIN ?? '';
const LATE_MS = 80;
const MIB = 1024 * 1024;

interface Program {
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** How late the servers answer, in milliseconds. */
  readonly late?: number;
  /** Ends with an error code by its nature. */
  readonly fails?: boolean;
}

interface Comparison {
  readonly name: string;
  readonly ours: string;
  readonly other: string;
  /** Of the medians, ours to the other's. */
  readonly atMost: number;
}

const COMPARISONS: readonly Comparison[] = [
  { name: 'sign in, against the floor, servers answer at once', ours: 'main', other: 'floor', atMost: 1.1 },
  {
    name: `the same, servers answer ${LATE_MS} ms late`,
    ours: 'main, late',
    other: 'floor, late',
    atMost: 1,
  },
  {
    name: `with organization and git, ${LATE_MS} ms late`,
    ours: 'main with git, late',
    other: 'floor with third call, late',
    atMost: 1,
  },
  {
    name: `against ${AZURE_LOGIN === '' ? 'the az commands of azure/login' : 'azure/login and az account get-access-token'}`,
    ours: 'main',
    other: 'az',
    atMost: 1 / 25,
  },
  { name: 'post, against bare node -e 0', ours: 'post', other: 'node', atMost: 1.3 },
  { name: "git's credential helper, against !true", ours: 'git helper', other: 'git !true', atMost: 2 },
];

await bench();

async function bench(): Promise<void> {
  const cloud = await startLocalCloud({ tlsPort: 443 });
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  let late = 0;
  cloud.faults.push(async () => {
    if (late > 0) await setTimeout(late);
    return undefined;
  });
  const run = (program: Program) => {
    late = program.late ?? 0;
    return measured(program, folder, cloud);
  };
  try {
    const programs = await programsOf(cloud, folder, run);
    const times = new Map([...programs.keys()].map((name) => [name, [] as number[]]));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [name, program] of programs) {
        const milliseconds = await run(program);
        // The first round warms the machine up.
        if (round > 0) times.get(name)?.push(milliseconds);
      }
    }
    print(table(times));
    print(`\nbytes: ${bundleSizes(folder)}`);
    print(
      `peak memory of main with git: ${(await peakMemory(programs, run, folder)).toFixed(1)} MiB (at most 65)`,
    );
  } finally {
    await cloud.stop();
    rmSync(folder, { recursive: true });
  }
}

async function programsOf(
  cloud: LocalCloud,
  folder: string,
  run: (program: Program) => Promise<number>,
): Promise<Map<string, Program>> {
  const inputs = {
    'INPUT_CLIENT-ID': cloud.application.clientId,
    'INPUT_TENANT-ID': cloud.entra.tenant.tenantId,
  };
  const more = { ...inputs, INPUT_ORGANIZATION: cloud.organization, INPUT_CONFIGURE: 'git' };
  await run({ command: [NODE, MAIN], env: more });
  const state = parseKeyValueFile(readFileSync(join(folder, 'GITHUB_STATE'), 'utf8')).get('receipts') ?? '';
  const git = Object.fromEntries(parseKeyValueFile(readFileSync(join(folder, 'GITHUB_ENV'), 'utf8')));
  const noHelper = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'credential.https://dev.azure.com.helper',
    GIT_CONFIG_VALUE_0: '!true',
    GIT_TERMINAL_PROMPT: '0',
  };
  const fill = {
    command: ['git', 'credential', 'fill'] as const,
    input: `protocol=https\nhost=dev.azure.com\npath=${cloud.organization}/widgets/_git/app\n\n`,
  };
  const programs: [string, Program][] = [
    ['node', { command: [NODE, '-e', '0'] }],
    ['floor', { command: [NODE, FLOOR], env: inputs }],
    ['main', { command: [NODE, MAIN], env: inputs }],
    ['floor, late', { command: [NODE, FLOOR], env: inputs, late: LATE_MS }],
    ['main, late', { command: [NODE, MAIN], env: inputs, late: LATE_MS }],
    ['floor with third call, late', { command: [NODE, FLOOR], env: more, late: LATE_MS }],
    ['main with git, late', { command: [NODE, MAIN], env: more, late: LATE_MS }],
    ['post', { command: [NODE, POST], env: { STATE_receipts: state } }],
    ['git helper', { ...fill, env: git }],
    ['git !true', { ...fill, env: noHelper, fails: true }],
  ];
  if (hasAzureCli()) {
    const login = {
      NODE,
      AZURE_LOGIN,
      'INPUT_ALLOW-NO-SUBSCRIPTIONS': 'true',
      'INPUT_ENABLE-AZPSSESSION': 'false',
      INPUT_ENVIRONMENT: 'azurecloud',
      INPUT_AUDIENCE: 'api://AzureADTokenExchange',
      'INPUT_AUTH-TYPE': 'SERVICE_PRINCIPAL',
    };
    const script = join(PROJECT, 'local-cloud/bench/incumbent.sh');
    programs.push(['az', { command: ['bash', script], env: { ...inputs, ...login } }]);
  }
  return new Map(programs);
}

function hasAzureCli(): boolean {
  try {
    execFileSync('az', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @returns milliseconds from the start of the process to its end. */
async function measured(program: Program, folder: string, cloud: LocalCloud): Promise<number> {
  const files = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'];
  for (const name of files) writeFileSync(join(folder, name), '');
  for (const name of ['home', 'az']) {
    rmSync(join(folder, name), { recursive: true, force: true });
    mkdirSync(join(folder, name));
  }
  const env = {
    PATH: process.env.PATH,
    HOME: join(folder, 'home'),
    AZURE_CONFIG_DIR: join(folder, 'az'),
    ...withoutProxy(cloud.networkEnvironment()),
    ...cloud.identityEnvironment(),
    ...Object.fromEntries(files.map((name) => [name, join(folder, name)])),
    ...program.env,
  };
  const [command, ...args] = program.command;
  const started = process.hrtime.bigint();
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  child.stdin.end(program.input ?? '');
  const code = await new Promise((resolve) => child.on('close', resolve));
  const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
  if (code !== 0 && program.fails !== true) throw new Error(`${program.command.join(' ')}: ${output}`);
  return milliseconds;
}

function withoutProxy(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/proxy/i.test(name)));
}

/** MiB, the median of five runs of their own: asking for it costs time. */
async function peakMemory(
  programs: ReadonlyMap<string, Program>,
  run: (program: Program) => Promise<number>,
  folder: string,
): Promise<number> {
  const program = programs.get('main with git, late') ?? { command: [NODE, MAIN] };
  const file = join(folder, 'peak');
  const report = `import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(report)}`;
  const peaks = [];
  for (let i = 0; i < 5; i++) {
    await run({ ...program, env: { ...program.env, NODE_OPTIONS } });
    peaks.push((Number(readFileSync(file, 'utf8')) * 1024) / MIB);
  }
  return median(peaks);
}

function table(times: ReadonlyMap<string, readonly number[]>): string {
  const node = execFileSync(NODE, ['--version'], { encoding: 'utf8' }).trim();
  const rows = COMPARISONS.map(({ name, ours, other, atMost }) => {
    const [a, b] = [times.get(ours) ?? [], times.get(other) ?? []];
    if (a.length === 0 || b.length === 0)
      return `| ${name} | not measured: ${other} is not installed | | | |`;
    const ratio = median(a) / median(b);
    const limit = atMost < 1 ? `1/${1 / atMost}` : `${atMost.toFixed(2)} x`;
    const found = atMost < 1 ? `1/${(1 / ratio).toFixed(1)}` : `${ratio.toFixed(2)} x`;
    return `| ${name} | ${spread(a)} | ${spread(b)} | ${found} | ${limit}${ratio <= atMost ? '' : ' **missed**'} |`;
  });
  return [
    `${cpus().length} CPUs (${cpus()[0]?.model.trim()}), Node ${node}, ${ROUNDS} rounds in rotation, medians (least to most) in ms`,
    '',
    '| measure | patless | the other | ratio | at most |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** All JavaScript of each program, and of the required libraries bundled alone. */
function bundleSizes(folder: string): string {
  const libraries = join(folder, 'libraries');
  bundle(fileURLToPath(new URL('libraries.js', import.meta.url)), libraries);
  const folders = { main: dirname(MAIN), 'libraries alone': libraries, post: dirname(POST) };
  return Object.entries(folders)
    .map(([name, path]) => `${name} ${bytesIn(path)}`)
    .join(', ');
}

function spread(times: readonly number[]): string {
  return `${median(times).toFixed(0)} (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)})`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
