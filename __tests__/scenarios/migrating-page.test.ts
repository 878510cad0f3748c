// Scenario: the workflows of docs/MIGRATING.md run as they stand there, and its examples are in the form that programs take.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { type JobRun, runWorkflow } from '../../local-cloud/runner/workflow.js';
import { NODE, PROJECT, useCloud } from '../support/cloud.js';

const scenario = useCloud();
const page = readFileSync('docs/MIGRATING.md', 'utf8');
const APP = { organization: 'contoso', project: 'widgets', repository: 'app' };

function block(language: string, marker: string): string {
  const blocks = [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(
    ([, text = '']) => text,
  );
  const found = blocks.filter((text) => text.includes(marker));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${language} with ${marker}`);
  return found[0] ?? '';
}

/** @param text A workflow; of this project's action, wherever a copy of it lives. */
async function run(text: string, variables: Record<string, string> = {}): Promise<JobRun> {
  const folder = mkdtempSync(join(tmpdir(), 'migrating-'));
  const file = join(folder, 'workflow.yml');
  writeFileSync(file, text.replaceAll('OWNER/patless@main', './'));
  const runs = await runWorkflow(file, {
    node: NODE,
    actionFolder: PROJECT,
    environment: scenario.cloud.networkEnvironment(),
    identity: scenario.cloud.identityEnvironment(),
    variables: { AZURE_CLIENT_ID: scenario.cloud.application.clientId, ...variables },
  });
  rmSync(folder, { recursive: true });
  const [only] = Object.values(runs);
  if (only === undefined) throw new Error('the workflow has no job');
  return only;
}

test('the preflight: it passes when everything is allowed, and fails when something is not', async () => {
  const workflow = block('yaml', 'patless check');
  for (const repository of ['app', 'shared']) {
    await scenario.cloud.azureDevOps.addRepository({ ...APP, repository }, { a: 'a' });
  }
  scenario.cloud.feeds.addFeed('contoso', 'tools', 'widgets');
  const allowed = await run(workflow);
  expect([allowed.log.includes('3 of 3 allowed.'), allowed.conclusion]).toEqual([true, 'success']);

  scenario.cloud.azureDevOps.rights.deny(APP, 'write');
  const missing = await run(workflow);
  expect(missing.conclusion).toBe('failure');
  // The page shows it with another identity's name and ID.
  const [, ...shown] = block('text', 'signed in as').trim().split('\n');
  const lines = missing.log.replace(/repo=[0-9a-f-]{36}/, 'repo=…').split('\n');
  expect(shown.filter((line) => !lines.includes(line))).toEqual([]);
});

test.each([
  ['on', 'eyJ'],
  ['off', 'the stored one'],
  ['', 'the stored one'],
])('a wave: the variable is "%s", and the script gets what begins with "%s"', async (value, begin) => {
  const job = parse(block('yaml', 'goes away with the PAT')) as { steps: { run?: string }[] };
  const [, , script] = job.steps;
  if (script?.run !== './publish.sh') throw new Error('the page shows other steps');
  script.run = `case $AZDO_TOKEN in '${begin}'*) echo as expected ;; *) exit 1 ;; esac`;
  const workflow = stringify({ jobs: { publish: job } }).replace('${{ secrets.AZDO_PAT }}', 'the stored one');
  const { conclusion, log } = await run(workflow, { PATLESS: value });
  expect([conclusion, log.includes('as expected')]).toEqual(['success', true]);
});

test('the columns of the CSV are those of the script', () => {
  const [header, ...rows] = block('csv', 'identity').trim().split('\n');
  expect(readFileSync('examples/set-up-identities.sh', 'utf8')).toContain(`HEADER='${header}'`);
  const example = readFileSync('examples/identities.csv', 'utf8').split('\n');
  expect(rows.filter((row) => !example.includes(row))).toEqual([]);
});
