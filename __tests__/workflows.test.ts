// Holds what makes our own workflows fit to be trusted: GitHub's own parser takes them, and each keeps to the rules below.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { SHELLCHECK, testWith } from './support/clients.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface WorkflowJob {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: string | readonly string[] | Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

const FOLDER = '.github/workflows';
const workflows = readdirSync(FOLDER).map((name) => ({
  name,
  text: readFileSync(join(FOLDER, name), 'utf8'),
}));
const texts = workflows.map(({ text }) => text).join('\n');
const textOf = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const stepsOf = (text: string) => Object.values((parse(text) as Workflow).jobs).flatMap(({ steps }) => steps);

/** With somebody else's code or words, and our own rights or secrets. */
const DANGEROUS_EVENTS = [
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'discussion_comment',
];
/** The version stands in a comment, for readers and for Dependabot. */
const PINNED_ACTION = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const PINNED_IMAGE = /^(?:docker:\/\/)?[\w./:-]+@sha256:[0-9a-f]{64} # v?\d+\.\d+\.\d+$/;

/** What is wrong with a workflow, a sentence each. */
function breaches(text: string): string[] {
  const workflow = parse(text) as Workflow;
  const events = typeof workflow.on === 'string' ? [workflow.on] : Object.keys(eventsOf(workflow.on));
  const found = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, value = '']) => value.trim());
  return [
    ...events.filter((event) => DANGEROUS_EVENTS.includes(event)).map((event) => `runs on ${event}`),
    ...(JSON.stringify(workflow.permissions) === '{}' ? [] : ['top-level permissions are not {}']),
    ...found(/^ *-? *uses: (.*)$/gm)
      .filter((value) => value !== './' && !PINNED_ACTION.test(value) && !PINNED_IMAGE.test(value))
      .map((value) => `not pinned: ${value}`),
    ...found(/^ *(?:container|image): (.*)$/gm)
      .filter((value) => !PINNED_IMAGE.test(value))
      .map((value) => `image not pinned: ${value}`),
    ...found(/^ *([\w-]+: write(?:-all)?(?: *#)?) *$/gm).map((line) => `no reason given: ${line}`),
    ...found(/\$\{\{ *(secrets\.[^}]*)\}\}/g).map((name) => `needs a stored secret: ${name}`),
    ...Object.entries(workflow.jobs).flatMap(([id, job]) =>
      breachesOfJob(job).map((breach) => `${id}: ${breach}`),
    ),
  ];
}

function eventsOf(on: Exclude<Workflow['on'], string>): object {
  return Array.isArray(on) ? Object.fromEntries(on.map((event) => [event, null])) : on;
}

function breachesOfJob({ permissions, steps, 'timeout-minutes': timeout }: WorkflowJob): string[] {
  return [
    ...(permissions === undefined ? ['no permissions of its own'] : []),
    ...(timeout === undefined ? ['no time limit'] : []),
    ...steps.flatMap(({ uses = '', run = '', with: inputs = {} }) => [
      ...(uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false
        ? ['checkout keeps credentials']
        : []),
      ...(uses.startsWith('actions/setup-node@') && inputs['package-manager-cache'] !== false
        ? ['setup-node may use a cache']
        : []),
      ...(uses.startsWith('actions/cache') || 'cache' in inputs ? ['uses a cache'] : []),
      // Whatever it is: a variable of `env:` is never taken for a part of the script.
      ...(run.includes('${{') ? ['an expression in a script'] : []),
    ]),
  ];
}

test.each(workflows)('$name keeps to the rules', ({ text }) => expect(breaches(text)).toEqual([]));

test.each([
  ['permissions: {}', 'permissions: read-all', 'top-level permissions are not {}'],
  ['  pull_request:', '  pull_request_target:', 'runs on pull_request_target'],
  [/@[0-9a-f]{40} # v/, '@v', 'not pinned: actions/checkout@v7.0.1'],
  [/ # v\d+\.\d+\.\d+/, '', expect.stringMatching(/^not pinned: /)],
  [/@sha256:[0-9a-f]+ #/, ' #', expect.stringMatching(/^image not pinned: node:/)],
  ['persist-credentials: false', 'persist-credentials: true', 'linux: checkout keeps credentials'],
  ['package-manager-cache: false', 'check-latest: true', 'linux: setup-node may use a cache'],
  [
    'package-manager-cache: false',
    'package-manager-cache: false\n          cache: npm',
    'linux: uses a cache',
  ],
  ['run: .ci/run', 'run: echo ${{ github.head_ref }}', 'linux: an expression in a script'],
  ['contents: read', 'contents: write', 'no reason given: contents: write'],
  ['run: .ci/run', 'run: .ci/run\n        env: {A: "${{ secrets.A }}"}', 'needs a stored secret: secrets.A'],
  ['    timeout-minutes: 45\n', '', 'linux: no time limit'],
])('the rules see it: %s -> %s', (from, to, breach) => {
  const text = textOf('test.yml').replace(from, to);
  expect(breaches(text)).toEqual([breach]);
});

describe("GitHub's own parser", () => {
  async function errorsIn(name: string, content: string): Promise<string[]> {
    const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
    const read = context.errors.getErrors().map(({ message }) => message);
    if (value === undefined || read.length > 0) return read;
    const { errors = [] } = await convertWorkflowTemplate(context, value);
    return errors.map(({ Message }) => Message);
  }

  test.each(workflows)('takes $name', async ({ name, text }) => {
    expect(await errorsIn(name, text)).toEqual([]);
  });

  test.each([
    ['    steps:', '    stepz:', 'Unexpected value'],
    ['matrix.node', 'matrrix.node', 'Unrecognized named-value'],
    ['permissions: {}', 'permissions: {content: read}', 'Unexpected value'],
    ['    runs-on: ubuntu-latest\n', '', 'Required property is missing: runs-on'],
  ])('sees %s -> %s', async (from, to, message) => {
    const errors = await errorsIn('test.yml', textOf('test.yml').replace(from, to));
    expect(errors.join('\n')).toContain(message);
  });
});

test('an action is pinned to one commit everywhere', () => {
  const pins = new Map<string, Set<string>>();
  for (const [, action = '', pin = ''] of texts.matchAll(/uses: ([\w.-]+\/[\w.-]+)[\w./-]*@(.*)$/gm)) {
    pins.set(action, (pins.get(action) ?? new Set()).add(pin));
  }
  expect(pins.size).toBeGreaterThan(5);
  expect([...pins.values()].filter(({ size }) => size > 1)).toEqual([]);
});

test('the scripts that workflows and CI start are there', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
  const all = `${texts}${readFileSync('.ci/run', 'utf8')}`;
  const started = [...all.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(started));
});

test('tests run on the systems and Node versions that the README names', () => {
  const { linux, anywhere } = (parse(textOf('test.yml')) as Workflow).jobs;
  expect(linux?.strategy?.matrix).toEqual({ node: [20, 22, 24] });
  expect(anywhere?.strategy?.matrix).toEqual({ os: ['windows-latest', 'macos-latest'], node: [20, 22, 24] });
});

describe('scripts', () => {
  const scripts = workflows.flatMap(({ name, text }) =>
    stepsOf(text).flatMap(({ run }) => (run === undefined ? [] : [{ name, run }])),
  );

  test('are written for bash, and read by it', () => {
    for (const { name, run } of scripts) {
      const { stderr } = spawnSync('bash', ['-n'], { input: run, encoding: 'utf8' });
      expect([name, stderr]).toEqual([name, '']);
    }
  });

  testWith(SHELLCHECK, 'shellcheck finds nothing', async () => {
    for (const { run } of scripts) {
      execFileSync('shellcheck', ['--shell=bash', '--exclude=SC2016', '-'], { input: run, encoding: 'utf8' });
    }
  });
});
