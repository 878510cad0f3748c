// The Azure Pipelines task's own files, and the package that is made of them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import JSZip from 'jszip';
import { parse } from 'yaml';
import { azurePipelines } from '../src/hosts/azure-pipelines.js';
import { taskInput } from '../src/hosts/pipelines-words.js';
import { inputTable } from '../src/inputs.js';

interface Task {
  id: string;
  name: string;
  friendlyName: string;
  description: string;
  instanceNameFormat: string;
  category: string;
  minimumAgentVersion: string;
  version: { Major: number; Minor: number; Patch: number };
  groups: { name: string }[];
  inputs: {
    name: string;
    type: string;
    label: string;
    defaultValue: string;
    required: boolean;
    helpMarkDown: string;
    groupName?: string;
    visibleRule?: string;
    options?: Record<string, string>;
  }[];
  outputVariables: { name: string; description: string }[];
  execution: Record<string, { target: string }>;
  postjobexecution: Record<string, { target: string }>;
  restrictions: object;
}

interface Extension {
  version: string;
  files: { path: string }[];
  contributions: { type: string; targets: string[]; properties: { name: string } }[];
}

const read = (name: string) => readFileSync(join('azure-pipelines', name), 'utf8');
const task = JSON.parse(read('task.json')) as Task;
const extension = JSON.parse(read('vss-extension.json')) as Extension;
const overview = read('overview.md');

test('inputs: the task has those of the action, under the names of the code, with the same defaults (A15)', () => {
  const fromConnection = ['client-id', 'tenant-id', 'audience'];
  const ofOtherIdentities = ['token-file', 'managed-identity-client-id'];
  const expected = Object.values(inputTable)
    .filter(({ name }) => ![...fromConnection, ...ofOtherIdentities].includes(name))
    .map((row) => [taskInput(row.name), row.default]);
  expect(task.inputs.slice(2).map(({ name, defaultValue }) => [name, defaultValue])).toEqual(expected);
  for (const [name] of expected) expect(name).not.toContain('-');
});

test('the identities that the editor offers are those of the host, besides its own, which is auto', () => {
  const { options = {} } = task.inputs.find(({ name }) => name === 'identity') ?? {};
  const [, ...others] = azurePipelines().identities;
  expect(Object.keys(options)).toEqual(['auto', ...others]);
});

test('outputs: the task has those of the action, in camelCase', () => {
  const action = parse(readFileSync('action.yml', 'utf8')) as { outputs: object };
  const camelCase = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  expect(task.outputVariables.map(({ name }) => name)).toEqual(Object.keys(action.outputs).map(camelCase));
});

describe('task.json', () => {
  test('is what pipelines know it by; a published task may change neither', () => {
    expect([task.id, task.name]).toEqual(['7edbab2c-3df0-456a-88f2-58c9bd0c2e5e', 'Patless']);
  });

  test('keeps to the lengths and words that Azure DevOps takes', () => {
    expect(task.friendlyName.length).toBeLessThanOrEqual(40);
    expect(task.instanceNameFormat).not.toBe('');
    expect(task.description).not.toBe('');
    expect(task.category).toBe('Utility');
    expect(task.minimumAgentVersion).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('every input has what an editor shows, and texts for defaults: the agent would make "True" of true', () => {
    for (const { name, type, label, defaultValue, required, helpMarkDown } of task.inputs) {
      expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(type).toMatch(/^(?:string|multiLine|boolean|pickList|connectedService:[A-Za-z]+)$/);
      expect([label, helpMarkDown]).not.toContain('');
      expect([typeof defaultValue, required]).toEqual(['string', false]);
    }
  });

  test('groups and rules name what is there', () => {
    const names = task.inputs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { groupName, visibleRule, options, defaultValue } of task.inputs) {
      if (groupName !== undefined) expect(task.groups.map(({ name }) => name)).toContain(groupName);
      if (visibleRule !== undefined) {
        const [name, value] = visibleRule.split(' = ');
        expect(task.inputs.find((input) => input.name === name)?.options).toHaveProperty([value ?? '']);
      }
      if (options !== undefined) expect(Object.keys(options)).toContain(defaultValue);
    }
  });

  test('one program for both Nodes, during the job and after it', () => {
    expect(task.execution).toEqual({
      Node20_1: { target: 'main/index.js' },
      Node24: { target: 'main/index.js' },
    });
    expect(task.postjobexecution).toEqual({
      Node20_1: { target: 'post/index.js' },
      Node24: { target: 'post/index.js' },
    });
  });

  test('logging commands are restricted; which variables are set, the user says', () => {
    expect(task.restrictions).toEqual({ commands: { mode: 'restricted' } });
  });
});

describe('overview.md', () => {
  /** Rows of the table below a heading, as cells without back-ticks. */
  const table = (heading: string) =>
    (overview.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2)
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));

  test('has the inputs of task.json, with their defaults', () => {
    expect(table('Inputs').map(([, name, fallback]) => [name, fallback])).toEqual(
      task.inputs.map(({ name, defaultValue }) => [name, defaultValue]),
    );
  });

  test('has the outputs of task.json', () => {
    expect(table('Outputs').map(([, name]) => name)).toEqual(task.outputVariables.map(({ name }) => name));
  });

  test('its YAML uses the task as it is, the first in twelve lines', () => {
    const blocks = [...overview.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block);
    expect(blocks[0]?.trim().split('\n').length).toBeLessThanOrEqual(12);
    const steps = blocks.flatMap((block) => {
      const yaml = parse(block) as { steps: object[] } | object[];
      return Array.isArray(yaml) ? yaml : yaml.steps;
    }) as { task?: string; inputs?: object }[];
    const calls = steps.filter((step) => step.task !== undefined);
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(call.task).toBe(`${task.name}@${task.version.Major}`);
      for (const name of Object.keys(call.inputs ?? {})) {
        expect(task.inputs.map((input) => input.name)).toContain(name);
      }
    }
  });

  test('says from which agent on', () => {
    expect(overview).toContain(`\n${task.minimumAgentVersion} or newer`);
  });
});

describe('the extension', () => {
  test("has the task's version: agents and the marketplace take a version once, so a release raises both", () => {
    const { Major, Minor, Patch } = task.version;
    expect(extension.version).toBe(`${Major}.${Minor}.${Patch}`);
  });

  test('contributes the task', () => {
    expect(extension.contributions).toMatchObject([
      {
        type: 'ms.vss-distributed-task.task',
        targets: ['ms.vss-distributed-task.tasks'],
        properties: { name: task.name },
      },
    ]);
    expect(extension.files.map(({ path }) => path)).toContain(task.name);
  });

  test.each([
    ['extension-icon.png', 128],
    ['icon.png', 32],
  ])('%s is a square of %d pixels', (name, size) => {
    const png = readFileSync(join('azure-pipelines', name));
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
      'PNG',
      size,
      size,
    ]);
  });
});

describe('the package', () => {
  /** Folders of the task, and the bundles in them; main looks for the command-line program beside itself. */
  const PROGRAMS = { main: 'pipelines-main', post: 'pipelines-post', cli: 'cli' };
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  const file = join(folder, 'one', 'patless.vsix');
  let entries: { name: string; content: Buffer }[] = [];

  const pack = (from: string, to: string, environment: Record<string, string> = {}, cwd = '.') =>
    spawnSync(process.execPath, [join(process.cwd(), 'scripts/package.js'), from, to], {
      cwd,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });

  beforeAll(async () => {
    expect(pack('dist', file)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const { files } = await JSZip.loadAsync(readFileSync(file));
    entries = await Promise.all(
      Object.values(files).map(async (entry) => ({
        name: entry.name,
        content: await entry.async('nodebuffer'),
      })),
    );
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('holds what runs, and what describes it', () => {
    const program = ([name, bundle]: [string, string]) =>
      readdirSync(`dist/${bundle}`).map((bundled) => `Patless/${name}/${bundled}`);
    expect(entries.map(({ name }) => name).sort()).toEqual(
      [
        '[Content_Types].xml',
        'LICENSE.txt',
        'Patless/icon.png',
        'Patless/licenses.txt',
        'Patless/task.json',
        'extension-icon.png',
        'extension.vsixmanifest',
        'extension.vsomanifest',
        'overview.md',
        ...Object.entries(PROGRAMS).flatMap(program),
      ].sort(),
    );
    for (const { name } of entries) expect(name).toMatch(/\.(?:js|json|png|md|txt|xml|vs(?:ix|o)manifest)$/);
  });

  test('the programs are those of dist, as ES modules', () => {
    const content = (name: string) => entries.find((entry) => entry.name === name)?.content;
    for (const [program, bundle] of Object.entries(PROGRAMS)) {
      expect(content(`Patless/${program}/index.js`)).toEqual(readFileSync(`dist/${bundle}/index.js`));
      expect(JSON.parse(String(content(`Patless/${program}/package.json`)))).toEqual({ type: 'module' });
    }
  });

  test('has the licence of everything in it', () => {
    const licenses = String(entries.find(({ name }) => name === 'Patless/licenses.txt')?.content);
    expect(licenses).toContain(readFileSync('LICENSE', 'utf8').trim());
    expect(licenses).toBe(readFileSync('dist/licenses.txt', 'utf8'));
  });

  test('has no source map, nothing that looks like a secret, and no path of this machine', () => {
    const unwanted =
      /sourceMappingURL|-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/]|eyJ[\w-]{8,}\.eyJ|AZDO[A-Za-z0-9]{4}\b|gh[pousr]_\w{36}/;
    const paths = [process.cwd(), `${homedir()}/`, tmpdir() === '/tmp' ? folder : tmpdir()];
    for (const { name, content } of entries) {
      const text = content.toString('latin1');
      expect([name, text.match(unwanted)]).toEqual([name, null]);
      expect([name, paths.filter((path) => text.includes(path))]).toEqual([name, []]);
    }
  });

  test('is the same, byte for byte, at another time, in another folder, in another time zone', () => {
    const later =
      'const Now = Date; globalThis.Date = class extends Now {' +
      'constructor(...given) { given.length > 0 ? super(...given) : super(Now.now() + 1e10) }' +
      'static now() { return Now.now() + 1e10 } }';
    const other = join(folder, 'two', 'other.vsix');
    const environment = {
      TZ: 'Pacific/Kiritimati',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(later)}`,
    };
    expect(pack(join(process.cwd(), 'dist'), other, environment, folder)).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(readFileSync(other).equals(readFileSync(file))).toBe(true);
  });

  test('without bundles there is none, and the message says how to make them', () => {
    const { status, stdout, stderr } = pack(join(folder, 'nothing'), file);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^\S*index\.js is not there\. Make it with `npm run build`\.\n$/);
    expect(readdirSync(join(folder, 'one'))).not.toContain('patless.vsix');
  });
});
