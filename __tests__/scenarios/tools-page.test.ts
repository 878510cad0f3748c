// Scenario: what docs/TOOLS.md shows is run as it stands there, or parsed where its program is not at hand.
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DockerfileParser } from 'dockerfile-ast';
import { parse } from 'yaml';
import { PROJECT, useCloud } from '../support/cloud.js';

const scenario = useCloud();
const page = readFileSync('docs/TOOLS.md', 'utf8');

function block(language: string, marker: string): string {
  const blocks = [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(
    ([, text = '']) => text,
  );
  const found = blocks.filter((text) => text.includes(marker));
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${language} with ${marker}`);
  return found[0] ?? '';
}

test.each([
  ['curl', 'bash', 'curl', 'bash', '"name":"app"'],
  ['Node', 'javascript', 'getBearerHandler', 'node', 'app'],
  ['Python', 'python', 'requests.get', 'python3', 'app'],
])('%s', async (_, language, marker, program, shown) => {
  await scenario.cloud.azureDevOps.addRepository(
    { organization: 'contoso', project: 'widgets', repository: 'app' },
    { a: 'a' },
  );
  const job = await scenario.job();
  const { outputs } = await job.action(PROJECT, scenario.inputs({ organization: 'contoso' }));
  symlinkSync(join(PROJECT, 'node_modules'), join(job.workspace, 'node_modules'));
  const file = language === 'javascript' ? 'example.mjs' : 'example';
  writeFileSync(join(job.workspace, file), block(language, marker));
  const result = await job.shell(`${program} ${file}`, { TOKEN: outputs.get('token') ?? '' });
  expect(result.stdout.replace(/\s/g, '')).toContain(shown);
  expect(result.exitCode).toBe(0);
});

test('docker build: the secret that is handed over is the one that the Dockerfile mounts, and nothing stays in the image', () => {
  const command = block('bash', 'docker build');
  const given = [...command.matchAll(/--secret id=(\w+),(?:env|src)="?\$?(\w+)/g)].map(([, id, from]) => [
    id,
    from,
  ]);
  expect(given).toEqual([
    ['ado_token', 'PATLESS_TOKEN_CONTOSO'],
    ['npmrc', 'NPM_CONFIG_USERCONFIG'],
  ]);
  expect(command).not.toContain('--build-arg');
  const dockerfile = DockerfileParser.parse(block('dockerfile', 'FROM'));
  const runs = dockerfile.getInstructions().filter((instruction) => instruction.getKeyword() === 'RUN');
  const mounts = runs.flatMap((run) => [
    ...run.toString().matchAll(/--mount=type=secret,id=(\w+),(\w+)=(\S+)/g),
  ]);
  expect(mounts.map(([, id, where, name]) => [id, where, name])).toEqual([
    ['ado_token', 'env', 'PATLESS_TOKEN_CONTOSO'],
    ['npmrc', 'target', '/root/.npmrc'],
  ]);
  const kept = dockerfile
    .getInstructions()
    .filter((instruction) => /^(?:ARG|ENV)$/.test(instruction.getKeyword()));
  expect(kept).toEqual([]);
});

test('Terraform by itself: the variables of one step, with the federation and no secret', () => {
  const [step] = parse(block('yaml', 'ARM_USE_OIDC')) as { env: Record<string, string> }[];
  expect(Object.keys(step?.env ?? {})).toEqual([
    'ARM_USE_OIDC',
    'ARM_CLIENT_ID',
    'ARM_TENANT_ID',
    'AZDO_ORG_SERVICE_URL',
  ]);
});
