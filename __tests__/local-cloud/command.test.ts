// The commands that the README names, as a user types them (compiled by `npm test` before this runs).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PROJECT } from '../support/cloud.js';

function localCloud(...command: string[]) {
  const { INIT_CWD: _, ...env } = process.env;
  return spawnSync(process.execPath, ['build/local-cloud/command.js', ...command], {
    cwd: PROJECT,
    env,
    encoding: 'utf8',
  });
}

describe('local-cloud', () => {
  test('a command finds its identity, its network and a repository, and its exit code comes out', () => {
    const result = localCloud(
      'bash',
      '-c',
      `set -eo pipefail
       test "$LOCAL_CLOUD_ORGANIZATION" = contoso && test -n "$LOCAL_CLOUD_TENANT_ID"
       id_token=$(curl -sf -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" | sed 's/.*"value":"//; s/".*//')
       token=$(curl -sf "https://login.microsoftonline.com/$LOCAL_CLOUD_TENANT_ID/oauth2/v2.0/token" \\
         -d grant_type=client_credentials -d "client_id=$LOCAL_CLOUD_CLIENT_ID" -d scope=499b84ac-1321-427f-aa17-267ca6975798/.default \\
         -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer --data-urlencode "client_assertion=$id_token" | sed 's/.*"access_token":"//; s/".*//')
       git -c "http.extraheader=Authorization: Bearer $token" ls-remote https://dev.azure.com/contoso/widgets/_git/app
       exit 7`,
    );
    expect(result.stderr).toBe('');
    expect(result.stdout).toContain('refs/heads/main');
    expect(result.status).toBe(7);
  });

  test('without a command it says how to call it; an unknown one is 127', () => {
    expect(localCloud()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('usage: npm run local-cloud -- COMMAND'),
    });
    expect(localCloud('bash', '-c', 'kill -TERM $$').status).toBe(143);
    expect(localCloud('no-such-command')).toMatchObject({
      status: 127,
      stderr: expect.stringContaining('cannot run no-such-command'),
    });
  });
});

function program(name: string, path: string, ...args: string[]) {
  const env = { PATH: path, HOME: tmpdir() };
  return spawnSync(process.execPath, [`build/local-cloud/${name}.js`, ...args], {
    cwd: PROJECT,
    env,
    encoding: 'utf8',
  });
}

test.each([
  ['examples/main-job.yml', []],
  ['examples/azure-pipelines.yml', ['--host', 'azure-pipelines']],
])('the demo shows %s and tells that all went well', (file, args) => {
  const result = program('demo', process.env.PATH ?? '', ...args);
  expect(result.stdout).toContain(`Running ${file} `);
  expect(result.stdout).toContain('yes  no token is left on disk');
  expect(result.stdout).not.toContain('NO ');
  expect(result.status).toBe(0);
});

test('the demo says which hosts it knows', () => {
  expect(program('demo', process.env.PATH ?? '', '--host', 'jenkins')).toMatchObject({
    status: 2,
    stderr: 'usage: npm run demo -- [--host github|azure-pipelines]\n',
  });
});

test('what the machine lacks is said in one line each', () => {
  expect(program('prerequisites', process.env.PATH ?? '')).toMatchObject({ status: 0, stderr: '' });
  const folder = mkdtempSync(join(tmpdir(), 'tools-'));
  symlinkSync('/bin/bash', join(folder, 'bash'));
  const result = program('prerequisites', folder);
  rmSync(folder, { recursive: true });
  expect(result.stderr).toBe(
    'patless: curl is needed and was not found.\npatless: git is needed and was not found.\n',
  );
  expect(result.status).toBe(2);
});
