// Ties action.yml, the table of inputs in code and the README's tables together, so that none can drift.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { tools } from '../src/consumers/register.js';
import { INPUT_NAMES } from '../src/input-names.js';
import { inputTable } from '../src/inputs.js';
import { VERSION } from '../src/version.js';
import { consumers } from './support/consumers.js';
import { facts } from './support/facts.js';
import { tokenFor } from './support/tokens.js';

interface Manifest {
  inputs: Record<string, { description: string; required?: boolean; default?: string }>;
  outputs: Record<string, { description: string }>;
  runs: { using: string; main: string; post: string };
}

const manifest = parse(readFileSync('action.yml', 'utf8')) as Manifest;
const readme = readFileSync('README.md', 'utf8');

/** Rows of the first table below a heading, as cells without back-ticks. */
function table(heading: string): string[][] {
  const section = readme.split(new RegExp(`^## ${heading}$`, 'm'))[1]?.split(/^## /m)[0] ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

describe('inputs', () => {
  const rows = Object.values(inputTable);

  test('action.yml has those of the code, with the same defaults', () => {
    expect(Object.entries(manifest.inputs).map(([name, { default: value = '' }]) => [name, value])).toEqual(
      rows.map((row) => [row.name, row.default]),
    );
  });

  test('the list of names has the same, in the same order', () =>
    expect(INPUT_NAMES).toEqual(rows.map(({ name }) => name)));

  test('the README has the same, in the same order', () => {
    expect(table('Inputs').map(([name, fallback]) => [name, fallback])).toEqual(
      rows.map((row) => [row.name, row.default]),
    );
  });

  test('every tool of `configure` is named in action.yml and has a row in the README', () => {
    const names = tools.map(({ name }) => name);
    expect(manifest.inputs.configure?.description).toContain(`: ${names.join(', ')}. Needs`);
    const inTicks = names.map((name) => `\`${name}\``).join(', ');
    expect(readme).toContain(`by commas or new lines: ${inTicks}; needs`);
    for (const page of ['azure-pipelines/overview.md', 'azure-pipelines/task.json']) {
      expect(readFileSync(page, 'utf8')).toContain(`by commas or new lines: ${inTicks}`);
    }
    expect(table('Use the token with…').map(([name]) => name)).toEqual(
      expect.arrayContaining(consumers.map(({ name }) => name)),
    );
  });
});

test.each(consumers)('the variables that `configure: $name` sets are those of its README row', (consumer) => {
  // What every run with tools sets comes with it: the command's row names both.
  const ofEveryRun = consumer.name === 'cli' ? ['PATLESS_TOKEN_<ORG>', 'PATLESS_FOLDER_<ORG>'] : [];
  const set = consumer
    .plan(tokenFor('contoso'), facts())
    .flatMap((effect) => (effect.kind === 'environment' ? [effect.name] : []))
    .map((name) => name.replace(/_\d+$/, '_<n>').replace(/_CONTOSO$/, '_<ORG>'));
  const row = table('Use the token with…').find(([, configure]) => configure === consumer.name);
  expect(row?.[3]?.split(', ').sort()).toEqual([...new Set([...set, ...ofEveryRun])].sort());
});

test('outputs: the README has those of action.yml (that the run sets them is a scenario)', () => {
  expect(table('Outputs').map(([name]) => name)).toEqual(Object.keys(manifest.outputs));
});

test('the README says that the token does not cross jobs, and what to do (a scenario shows it)', () => {
  expect(readme).toContain('Call the action in each job.');
  expect(readme.replace(/\s+/g, ' ')).toContain("Skip output 'token' since it may contain secret");
});

test('the action runs on node24, and its programs are there', () => {
  expect(manifest.runs.using).toBe('node24');
  for (const program of [manifest.runs.main, manifest.runs.post])
    expect(readFileSync(program, 'utf8').length).toBeGreaterThan(1000);
});

test('the version in code is that of package.json', () => {
  expect(VERSION).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
});

test('the README’s first YAML block is twelve lines that use real inputs', () => {
  const block = /```yaml\n(.*?)```/s.exec(readme)?.[1] ?? '';
  expect(block.trim().split('\n').length).toBeLessThanOrEqual(12);
  const workflow = parse(block) as { permissions: object; jobs: { main: { steps: { with?: object }[] } } };
  const names = workflow.jobs.main.steps.flatMap((step) => Object.keys(step.with ?? {}));
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) expect(Object.keys(manifest.inputs)).toContain(name);
  expect(workflow.permissions).toMatchObject({ 'id-token': 'write' });
});
