// Scenario: the blocks of the README are run as they stand there; what people do today is read only, and the diagram by GitHub alone.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { runPipeline } from '../../local-cloud/agent/pipeline.js';
import { runWorkflow } from '../../local-cloud/runner/workflow.js';
import { JQ, testWith } from '../support/clients.js';
import { NODE, PROJECT, useCloud } from '../support/cloud.js';
import { taskFolder } from '../support/hosts.js';
import { Machine } from '../support/machine.js';
import { blocksOf } from '../support/pages.js';

const scenario = useCloud();
const blocks = blocksOf('README.md');
const APP = { organization: 'contoso', project: 'widgets', repository: 'app' };
const folder = mkdtempSync(join(tmpdir(), 'readme-'));
let machine: Machine | undefined;

beforeEach(() => scenario.cloud.azureDevOps.addRepository(APP, { 'README.md': '# app\n' }));
afterEach(() => machine?.remove());
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function block(language: string, marker: string): string {
  const found = blocks.filter((one) => one.language === language && one.text.includes(marker));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${language} with ${marker}`);
  return found[0]?.text ?? '';
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function firstBlock() {
  const text = block('yaml', 'id-token: write').replaceAll('OWNER/patless@main', './');
  const runs = await runWorkflow(file('first.yml', text), {
    node: NODE,
    actionFolder: PROJECT,
    environment: scenario.cloud.networkEnvironment(),
    identity: scenario.cloud.identityEnvironment(),
    variables: { AZURE_CLIENT_ID: scenario.cloud.application.clientId },
  });
  return runs.main;
}

test('the first block clones the repository', async () => {
  const job = await firstBlock();
  expect([job?.conclusion, job?.log]).toEqual(['success', expect.stringContaining("Cloning into 'app'")]);
});

test('the block for Azure Pipelines does', async () => {
  const text = `steps:\n${block('yaml', 'Patless@1').replace(/^/gm, '  ')}`;
  const { result, log } = await runPipeline(
    file('pipeline.yml', text.replace('my-connection', 'patless-demo')),
    {
      pipelines: scenario.cloud.azurePipelines,
      environment: scenario.cloud.networkEnvironment(),
      tasks: new Map([['Patless@1', await taskFolder()]]),
    },
  );
  expect([result, log]).toEqual(['Succeeded', expect.stringContaining("Cloning into 'app'")]);
});

testWith(JQ, 'the set-up makes what the first block then signs in with', async () => {
  const { application, github } = scenario.cloud;
  machine = new Machine(scenario.cloud);
  machine.install(
    'az',
    'printf "%s\\0" "$@" >> "$0.asked"; printf "\\n" >> "$0.asked"; case "$*" in *"sp show"*) echo OBJECT;; esac',
  );
  const repository = { owner: { login: 'contoso', id: 61234567 }, name: 'widgets', id: 812345678 };
  machine.install('gh', `echo '${JSON.stringify(repository)}' | jq -r "$4"`);
  const script = ['ad app create', 'federated-credential create', 'serviceprincipalentitlements']
    .map((marker) =>
      block('bash', marker).replace(/^ *CLIENT_ID=\.\.\..*$/m, `CLIENT_ID=${application.clientId}`),
    )
    .join('\n');
  expect(await machine.shell(script)).toMatchObject({ exitCode: 0, stderr: '' });

  const asked = readFileSync(join(machine.programs, 'az.asked'), 'utf8')
    .split('\0\n')
    .map((call) => call.split('\0'));
  const credential = asked.find((call) => call.includes('federated-credential')) ?? [];
  expect(credential).toContain(application.clientId);
  const { name, issuer, subject, audiences } = JSON.parse(credential.at(-1) ?? '');
  expect(subject).toBe(github.job.subject);
  application.federatedCredentials.splice(0, Number.POSITIVE_INFINITY, {
    name,
    issuer,
    subject,
    audience: audiences[0],
  });
  expect((await firstBlock())?.conclusion).toBe('success');

  const entitlement = asked.find((call) => call.join(' ').includes('serviceprincipalentitlements')) ?? [];
  expect(JSON.parse(entitlement.at(-1) ?? '')).toMatchObject({ servicePrincipal: { originId: 'OBJECT' } });
});

test('the commands for trying it are those that CI runs', () => {
  const commands = block('bash', 'npm run demo')
    .split(/\n|&&/)
    .map((command) => command.trim())
    .filter(Boolean);
  const ci = readFileSync('.ci/run', 'utf8').replaceAll('npm run --silent', 'npm run');
  expect(commands).toEqual(['npm ci', 'npm run demo', 'npm ci', 'npm test']);
  for (const command of commands) expect(ci).toMatch(new RegExp(`^${command}`, 'm'));
});

test('what people do today and the same with patless are two lists of steps, and ours is shorter', () => {
  const today = block('yaml', 'azure/login');
  expect((parse(today) as object[]).length).toBe(3);
  expect(today).toContain('::add-mask::');
  const ours = block('yaml', 'client-id: "');
  const [step] = parse(ours) as { with: object }[];
  expect(step?.with).toMatchObject({ organization: 'contoso', configure: 'git' });
  expect(ours.split('\n').length).toBeLessThan(today.split('\n').length / 2);
});

test('no other block is there that nobody runs', () => {
  const known = [
    'id-token: write',
    'Patless@1',
    'azure/login',
    'ad app create',
    'federated-credential create',
  ];
  const others = ['serviceprincipalentitlements', 'client-id: "', 'npm run demo', 'sequenceDiagram'];
  const strangers = blocks.filter(
    ({ text }) => ![...known, ...others].some((marker) => text.includes(marker)),
  );
  expect(strangers).toEqual([]);
});
