// Scenario: wrong inputs and untrusted triggers are refused before anybody is asked.
import { afterEach, describe, expect, test } from '@jest/globals';
import { tools } from '../../src/consumers/register.js';
import { PULL_REQUEST_GUARD, WORKFLOW_RUN_GUARD } from '../../src/fork-guards.js';
import { errorOf, exportedNothing, useCloud } from '../support/cloud.js';

const KNOWN = tools.map(({ name }) => name).join(', ');

const scenario = useCloud();

describe('wrong inputs (A1)', () => {
  afterEach(() => {
    expect(scenario.cloud.requests).toEqual([]);
    expect(scenario.cloud.refused).toEqual([]);
  });

  test('all mistakes are reported in one go, each with the input and the fix', async () => {
    const result = await scenario.action({
      'client-id': 'my app',
      'tenant-id': 'common',
      organization: 'https://dev.azure.com/contoso/project',
      configure: 'git, gti, nmp',
      'export-env': 'PATH',
      verify: 'yes',
      'expected-object-id': '{11111111-2222-3333-4444-555555555555}',
      identity: 'guess',
      audience: 'a b',
      'allow-fork-trigger': '1',
      'timeout-seconds': '5m',
      'propagation-wait-seconds': '301',
    });
    expect(errorOf(result)).toBe(
      [
        'INPUT_INVALID: 13 mistakes in the inputs:',
        '- `client-id` must be a GUID (36 characters with hyphens), not "my app".',
        '- `tenant-id` must be the directory (tenant) ID, a GUID, or a verified domain of the tenant, not "common".',
        '- `organization` must be a name, https://dev.azure.com/NAME or https://NAME.visualstudio.com (without a project), not "https://dev.azure.com/contoso/project".',
        `- \`configure\` knows no tool "gti"; did you mean git? known: ${KNOWN}.`,
        `- \`configure\` knows no tool "nmp"; did you mean npm? known: ${KNOWN}.`,
        '- `export-env` may not set "PATH": it steers the runner, the shell or a tool; choose another name.',
        '- `verify` must be true or false, not "yes".',
        '- `expected-object-id` must be a GUID (36 characters with hyphens), not "{11111111-2222-3333-…".',
        '- `audience` must be a URI without spaces, not "a b".',
        '- `allow-fork-trigger` must be true or false, not "1".',
        '- `timeout-seconds` must be a whole number from 30 to 600, not "5m".',
        '- `propagation-wait-seconds` must be a whole number from 0 to 300, not "301".',
        '- `identity` must be one of auto, github-oidc, token-file, managed-identity, azure-cli, not "guess".',
        'What to do: Correct the `with:` block of this step; nothing was contacted.',
      ].join('\n'),
    );
    expect(result.exitCode).toBe(1);
    expect(exportedNothing(result)).toBe(true);
  });

  test.each([
    [{ 'client-id': '' }, '`client-id` is required'],
    [{ 'tenant-id': '' }, '`tenant-id` is required when `organization` is not given'],
    [{ configure: 'git' }, '`organization` is required with `configure`'],
  ])('%j: %s', async (inputs, text) => {
    const result = await scenario.action(inputs);
    expect(errorOf(result)).toContain(text);
    expect(exportedNothing(result)).toBe(true);
  });
});

test('GUIDs with stray spaces around them work (A14)', async () => {
  const { application, entra } = scenario.cloud;
  const result = await scenario.action({
    'client-id': `\u00a0${application.clientId.toUpperCase()} `,
    'tenant-id': `${entra.tenant.tenantId}\n`,
  });
  expect(result.exitCode).toBe(0);
});

test('ambient AZURE_ variables change nothing (A16)', async () => {
  const other = '11111111-2222-3333-4444-555555555555';
  const environment = {
    AZURE_CLIENT_ID: other,
    AZURE_TENANT_ID: other,
    AZURE_AUTHORITY_HOST: 'https://evil.example/',
    AZURE_FEDERATED_TOKEN_FILE: '/etc/passwd',
    MSAL_FORCE_REGION: 'westeurope',
    REGION_NAME: 'westeurope',
  };
  const result = await scenario.action({}, { environment });
  expect(result.exitCode).toBe(0);
  expect(scenario.cloud.refused).toEqual([]);
});

describe('runs set off from another repository (C9)', () => {
  const fork = { pull_request: { head: { repo: { id: 2, fork: true } } }, repository: { id: 1 } };
  const deleted = { pull_request: { head: { repo: null } }, repository: { id: 1 } };
  const workflowRun = { workflow_run: { head_repository: { id: 2 } }, repository: { id: 1 } };

  test.each([
    ['pull_request_target', fork, PULL_REQUEST_GUARD],
    ['pull_request_target', deleted, PULL_REQUEST_GUARD],
    ['workflow_run', workflowRun, WORKFLOW_RUN_GUARD],
  ])('%s is refused, with the line that guards the step', async (name, payload, guard) => {
    const result = await scenario.action({}, { event: { name, payload } });
    expect(errorOf(result)).toContain('TRIGGER_UNTRUSTED: Refused to sign in');
    expect(errorOf(result)).toContain(`\`${guard}\``);
    expect(exportedNothing(result)).toBe(true);
    expect(scenario.cloud.requests).toEqual([]);
  });

  test('allow-fork-trigger: true lets it through', async () => {
    const event = { name: 'pull_request_target', payload: fork };
    expect((await scenario.action({ 'allow-fork-trigger': 'true' }, { event })).exitCode).toBe(0);
  });

  test('the same repository passes, also when it is itself a fork', async () => {
    const payload = {
      pull_request: { head: { repo: { id: 1, fork: true } } },
      repository: { id: 1, fork: true },
    };
    expect((await scenario.action({}, { event: { name: 'pull_request_target', payload } })).exitCode).toBe(0);
  });

  test('a comment on a pull request gets a line in the log, since the event does not tell', async () => {
    const event = { name: 'issue_comment', payload: { issue: { pull_request: {} }, repository: { id: 1 } } };
    const result = await scenario.action({}, { event });
    expect(result.exitCode).toBe(0);
    expect(result.log).toContain('Note: issue_comment on a pull request');
  });
});
