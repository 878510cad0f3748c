// Scenario: workflows that work with a stored PAT do the same after `patless scan --fix`, without it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { runWorkflow } from '../../local-cloud/runner/workflow.js';
import { NODE, PROJECT, useCloud } from '../support/cloud.js';
import { fixCases } from '../support/fixes.js';

const PAT = 'patless7corpus2'.repeat(4).slice(0, 52);
const scenario = useCloud();
const runnable = fixCases().filter(({ name }) => name.startsWith('runs-'));

beforeEach(() =>
  scenario.cloud.azureDevOps.addRepository(
    { organization: 'contoso', project: 'widgets', repository: 'app' },
    { 'README.md': '# app\n' },
  ),
);

async function run(yaml: string, secrets: Record<string, string>) {
  const file = join((await scenario.job()).root, 'workflow.yml');
  writeFileSync(file, yaml);
  const runs = await runWorkflow(file, {
    node: NODE,
    actionFolder: PROJECT,
    environment: scenario.cloud.networkEnvironment(),
    identity: scenario.cloud.identityEnvironment(),
    variables: { AZURE_CLIENT_ID: scenario.cloud.application.clientId },
    secrets,
  });
  return runs.main;
}

describe.each(runnable.map((one) => [one.name, one] as const))('%s', (_name, { before, after }) => {
  test('before: with the PAT it works, without it not', async () => {
    scenario.cloud.azureDevOps.organizations.get('contoso')?.pats.add(PAT);
    expect((await run(before, { ADO_PAT: PAT }))?.conclusion).toBe('success');
    expect((await run(before, {}))?.conclusion).toBe('failure');
  });

  test('after: it works, and no PAT is there any more', async () => {
    const result = await run(after, {});
    expect([result?.conclusion, result?.log]).toEqual(['success', expect.any(String)]);
  });
});
