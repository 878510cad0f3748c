// Scenario: the runner cancels or kills the step at any moment, and many runs share one machine.
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { json } from '../../local-cloud/http.js';
import { PROJECT, useCloud } from '../support/cloud.js';
import { filesIn, leaks } from '../support/leaks.js';
import { seeded } from '../support/seeded.js';

const scenario = useCloud();
const EVERYTHING = { organization: 'contoso', configure: 'git', 'export-env': 'ADO_TOKEN' };
/** `npm run soak` asks for the full figures. */
const FULL = process.env.PATLESS_SOAK === '1';

describe('cancelled', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it at once, and nothing is exported (I1)',
    async (signal) => {
      let child: ChildProcess | undefined;
      scenario.cloud.faults.push(({ host }) => {
        if (host !== 'login.microsoftonline.com') return undefined;
        child?.kill(signal);
        return 'handled';
      });
      const job = await scenario.job({
        onStart: (process) => {
          child = process;
        },
      });
      const started = Date.now();
      const result = await job.action(PROJECT, scenario.inputs(EVERYTHING));
      expect(Date.now() - started).toBeLessThan(7500);
      expect(result.exitCode).not.toBe(0);
      expect(result.outputs.size + result.environment.size + result.state.size).toBe(0);
      expect((await job.end()).map(({ exitCode }) => exitCode)).toEqual([0]);
    },
  );
});

describe('killed', () => {
  const kills = FULL ? 200 : 20;

  test(`${kills} times at random moments: nothing exported is unmasked, and all of it has receipts; the machine keeps nothing (I2, I7)`, async () => {
    const random = seeded(20261123);
    let finished = 0;
    for (let i = 0; i < kills; i++) {
      const job = await scenario.job({
        onStart: (child) => {
          const timer = setTimeout(() => child.kill('SIGKILL'), random() * 700);
          child.on('close', () => clearTimeout(timer));
        },
      });
      const main = await job.action(PROJECT, scenario.inputs(EVERYTHING));
      if (main.exitCode === 0) finished++;
      const masked = main.commands.filter(({ name }) => name === 'add-mask').map(({ data }) => data);
      const exported = [...main.outputs.values(), ...main.environment.values()].filter((value) =>
        value.startsWith('eyJ'),
      );
      for (const token of exported) expect(masked).toContain(token);
      for (const name of main.environment.keys()) expect(main.state.get('receipts')).toContain(`"${name}"`);
      const secrets = Object.fromEntries(
        masked.filter((value) => value.startsWith('eyJ')).map((value, n) => [`token ${n}`, value]),
      );
      expect(leaks(secrets, filesIn(job.root))).toEqual([]);
      job.remove();
    }
    expect(finished).toBeLessThan(kills);
  }, 600_000);
});

describe('side by side', () => {
  const runs = FULL ? 50 : 10;

  test(`${runs} runs under one HOME: each gets its own identity, and HOME is as it was (I8, I9)`, async () => {
    const { cloud } = scenario;
    const identities = Array.from({ length: runs }, (_, i) => ({
      ...cloud.application,
      clientId: `11111111-2222-3333-4444-${String(i).padStart(12, '0')}`,
      objectId: `55555555-6666-7777-8888-${String(i).padStart(12, '0')}`,
      displayName: `bot ${i}`,
    }));
    cloud.entra.tenant.applications.push(...identities);
    cloud.azureDevOps.organizations.get('contoso')?.members.push(...identities);
    const first = await scenario.job();
    const home = join(first.root, 'shared-home');
    mkdirSync(home);
    writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = somebody\n');

    const results = await Promise.all(
      identities.map(async ({ clientId }) => {
        const job = await scenario.job({ environment: { HOME: home } });
        const main = await job.action(PROJECT, scenario.inputs({ ...EVERYTHING, 'client-id': clientId }));
        await job.end();
        return main;
      }),
    );
    expect(results.map(({ outputs }) => outputs.get('object-id'))).toEqual(
      identities.map(({ objectId }) => objectId),
    );
    expect(results.map(({ outputs }) => outputs.get('identity-name'))).toEqual(
      identities.map(({ displayName }) => displayName),
    );
    expect(readdirSync(home)).toEqual(['.gitconfig']);
    expect(readFileSync(join(home, '.gitconfig'), 'utf8')).toBe('[user]\n\tname = somebody\n');
  }, 300_000);

  const herd = FULL ? 60 : 10;

  test(`${herd} runs at once against services that take a sixth of them in a second: all succeed (J1)`, async () => {
    const perSecond = Math.ceil(herd / 6);
    const counts = new Map<string, number>();
    scenario.cloud.faults.push(({ host }) => {
      const key = `${host} ${Math.floor(Date.now() / 1000)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if ((counts.get(key) ?? 0) <= perSecond) return undefined;
      return json(429, {}, { 'retry-after': '1' });
    });
    const started = Date.now();
    const results = await Promise.all(
      Array.from({ length: herd }, async () => scenario.action({ organization: 'contoso' })),
    );
    expect(results.filter(({ exitCode }) => exitCode !== 0).map(({ log }) => log)).toEqual([]);
    const sentAway = [...counts].filter(([, count]) => count > perSecond);
    expect(sentAway.length).toBeGreaterThan(0);
    if (FULL) {
      process.stdout.write(
        `herd: ${herd} processes, ${perSecond} a second, done in ${(Date.now() - started) / 1000} s, ` +
          `requests by host and second: ${JSON.stringify([...counts])}\n`,
      );
    }
  }, 300_000);
});
