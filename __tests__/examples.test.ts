// Holds what an example has to be: GitHub's own parser takes it, it keeps to the rules, and examples/README.md lists it.
import { readdirSync, readFileSync } from 'node:fs';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { permissionsOf, type WorkflowDefinition } from '../local-cloud/runner/definition.js';
import { exampleText } from './support/examples.js';

/** Of GitHub; the demo's own (main-job.yml) uses the action of this checkout. */
const names = readdirSync('examples').filter(
  (name) => name.endsWith('.yml') && name !== 'azure-pipelines.yml',
);
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const PLACEHOLDERS = [...readFileSync('README.md', 'utf8').matchAll(/- uses: (OWNER\/patless@.*)$/gm)].map(
  ([, text]) => text,
);
const known = (uses: string) =>
  PINNED.test(uses) || PLACEHOLDERS.includes(uses) || /^(?:\.\/|OWNER\/SHARED\/)/.test(uses);

test.each(names)("%s: GitHub's parser takes it", async (name) => {
  const file = { name, content: exampleText(name) };
  const { context, value } = parseWorkflow(file, new NoOperationTraceWriter());
  if (value === undefined) throw new Error(`nothing in ${name}`);
  const { errors = [] } = await convertWorkflowTemplate(context, value);
  expect([...context.errors.getErrors().map(String), ...errors.map(({ Message }) => Message)]).toEqual([]);
});

test.each(names)('%s: least rights, pinned actions, no stored secret, and a comment that tells', (name) => {
  const text = exampleText(name);
  const workflow = parse(text) as WorkflowDefinition;
  const jobs = Object.values(workflow.jobs);
  const rights = jobs.flatMap((job) => Object.entries(permissionsOf(workflow, job)).map(String));
  expect(
    [...new Set(rights)].filter((right) => !['id-token,write', 'contents,read'].includes(right)),
  ).toEqual([]);
  expect(
    [...text.matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(([, uses = '']) => uses).filter((uses) => !known(uses)),
  ).toEqual([]);
  for (const { uses = '', run = '', with: inputs = {} } of jobs.flatMap(({ steps = [] }) => steps)) {
    if (uses.startsWith('actions/checkout@')) expect(inputs['persist-credentials']).toBe(false);
    if (uses.startsWith('actions/setup-node@')) expect(inputs['package-manager-cache']).toBe(false);
    if (uses.startsWith('OWNER/patless@')) expect(Object.keys(inputs)).toContain('client-id');
    expect(run).not.toContain('${{');
  }
  expect(text).not.toMatch(/secrets\.|pull_request_target:|workflow_run:/);
  expect(text).toMatch(/^# .{40,}\n# /);
  expect(text.split('\n').filter((line) => line.length > 120)).toEqual([]);
});

test('examples/README.md has each of them, and no other', () => {
  const listed = [...exampleText('README.md').matchAll(/^\| \[([\w.-]+)\]\(\1\)/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...names, 'azure-pipelines.yml'].sort());
});
