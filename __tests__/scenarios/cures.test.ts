// Scenario: a stranger follows the message. The printed command runs, against a stand-in for az, and the next run succeeds.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { applyAzureCli } from '../../local-cloud/azure-cli.js';
import type { LocalCloud } from '../../local-cloud/cloud.js';
import { errorOf, PROJECT, useCloud } from '../support/cloud.js';

const scenario = useCloud();

/** The first command on a line of its own that changes something; the name that a list shows is filled in. */
function commandIn(message: string): string {
  const line = message.split('\n').find((candidate) => /^ {2}az (?!.* list )/.test(candidate));
  if (line === undefined) throw new Error(`no command in: ${message}`);
  return line.replace('CREDENTIAL_NAME', 'main');
}

const credentialOf = (cloud: LocalCloud) => {
  const [credential] = cloud.application.federatedCredentials;
  if (credential === undefined) throw new Error('the local cloud begins with a credential');
  return credential;
};

const BREAKS: Readonly<Record<string, (cloud: LocalCloud) => void>> = {
  AADSTS700213(cloud) {
    cloud.github.job.subject = "repo:contoso/it's $(a) `b` ##[x]:environment:prod";
  },
  AADSTS7002138(cloud) {
    credentialOf(cloud).subject = credentialOf(cloud).subject.toUpperCase();
  },
  AADSTS700211(cloud) {
    credentialOf(cloud).issuer += '/';
  },
  AADSTS700212(cloud) {
    credentialOf(cloud).audience = 'api://other';
  },
  AADSTS70025(cloud) {
    cloud.application.federatedCredentials.splice(0);
  },
  AADSTS7000229(cloud) {
    cloud.application.hasServicePrincipal = false;
  },
  AADSTS7000112(cloud) {
    cloud.application.enabled = false;
  },
  TF401444(cloud) {
    cloud.azureDevOps.organizations.get('contoso')?.members.splice(0);
  },
};

test.each(Object.entries(BREAKS))('%s: the printed command, as printed, cures it', async (code, breakIt) => {
  const { cloud } = scenario;
  breakIt(cloud);
  const job = await scenario.job();
  const inputs = scenario.inputs({ organization: 'contoso' });
  const refused = await job.action(PROJECT, inputs);
  expect(errorOf(refused)).toContain(code);
  expect(errorOf(refused).split('\n').length).toBeLessThan(25);

  const folder = join(job.root, 'stand-in');
  mkdirSync(folder);
  writeFileSync(join(folder, 'az'), `#!/usr/bin/env bash\nprintf '%s\\0' "$@" > ${folder}/arguments\n`, {
    mode: 0o755,
  });
  const ran = await job.shell(`PATH=${folder}:$PATH; ${commandIn(errorOf(refused))}`);
  expect(ran.exitCode).toBe(0);
  applyAzureCli(readFileSync(join(folder, 'arguments'), 'utf8').split('\0').slice(0, -1), cloud);

  const again = await job.action(PROJECT, inputs);
  expect(again.log).toContain('Organization: https://dev.azure.com/contoso, which knows this identity.');
});
