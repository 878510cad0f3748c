// One invariant for every tool that `configure` knows, now and later.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { cleanup } from '../../src/cleanup.js';
import { tools } from '../../src/consumers/register.js';
import { apply } from '../../src/effects.js';
import { folderFor, isOurs } from '../../src/files.js';
import { Secret } from '../../src/secret.js';
import { consumers } from '../support/consumers.js';
import { facts } from '../support/facts.js';
import { recordingHost } from '../support/recording.js';
import { jwt, tokenFor } from '../support/tokens.js';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const token = tokenFor('contoso-dev', TOKEN);
const temp = mkdtempSync(join(tmpdir(), 'every-consumer-'));
afterAll(() => rmSync(temp, { recursive: true }));

describe.each(consumers.map((consumer) => [consumer.name, consumer] as const))('%s', (name, consumer) => {
  const folder = folderFor(temp, randomUUID());
  const plan = () =>
    consumer.plan(token, facts({ folder, feeds: [{ name: 'packages', project: undefined }] }));

  test('has a name that can be typed, and plans the same effects for the same facts', () => {
    expect(name).toMatch(/^[a-z][a-z-]*$/);
    expect(JSON.stringify(plan())).toBe(JSON.stringify(plan()));
  });

  test('carries the token as a Secret only, so that a plan can be printed', () => {
    expect(JSON.stringify(plan())).not.toContain(TOKEN.slice(-20));
  });

  test('plans files in its run’s folder only, and never a program that holds a secret', () => {
    for (const effect of plan()) {
      if (effect.kind !== 'file') continue;
      expect(isOurs(effect.path, temp)).toBe(true);
      if (effect.isProgram) expect(effect.content).not.toBeInstanceOf(Secret);
    }
  });

  test('holds the token in variables that the register names, so that a failed run can empty them', () => {
    const secret = plan().flatMap((effect) =>
      effect.kind === 'environment' && effect.value instanceof Secret ? [effect.name] : [],
    );
    const known = tools.find((tool) => tool.name === name)?.variables ?? [];
    expect([...known, token.organization.tokenVariable]).toEqual(expect.arrayContaining(secret));
    for (const variable of known) expect(secret).toContain(variable);
  });

  test('sets nothing that an Azure Pipelines agent would expand as a macro', () => {
    for (const effect of plan()) {
      if (effect.kind === 'environment') expect(String(effect.value)).not.toContain('$(');
    }
  });

  test('never asks clean-up to bring a secret back', () => {
    for (const effect of plan()) {
      if (effect.kind === 'environment' && effect.value instanceof Secret) expect(effect.restore).toBe(false);
    }
  });

  test('a variable of its own, which knows no organizations, is not taken from another identity', () => {
    if (tools.find((tool) => tool.name === name)?.variables === undefined) return;
    const other = tokenFor('fabrikam', jwt({ oid: '99999999-2222-3333-4444-555555555555' }));
    const earlier = consumer.plan(other, facts({ folder }));
    const environment = Object.fromEntries(
      earlier.flatMap((effect) =>
        effect.kind === 'environment'
          ? [[effect.name, effect.value instanceof Secret ? effect.value.reveal() : effect.value]]
          : [],
      ),
    );
    expect(() => consumer.plan(token, facts({ folder, environment }))).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  test('keeps the token out of the saved state, and clean-up leaves no trace of it', () => {
    const variables = new Map<string, string>();
    let state = '';
    const host = recordingHost({
      temp,
      beginWrites(receipts) {
        state = receipts;
        return () => undefined;
      },
      readState: () => state,
      setEnvironment: (variable, value) => void variables.set(variable, value),
    });
    apply(plan(), host);
    expect(state).not.toContain(TOKEN.slice(-20));
    const files = readdirSync(temp, { recursive: true, encoding: 'utf8' }).map((file) => join(temp, file));
    const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'));
    for (const file of files) expect(statSync(file).mode & 0o077).toBe(0);
    // The command finds the token by what every run with tools sets.
    if (name !== 'cli') expect([...variables.values(), ...texts].join()).toContain(TOKEN);
    cleanup(host);
    expect([...variables.values()].filter((value) => value !== '')).toEqual([]);
    expect(readdirSync(temp)).toEqual([]);
  });
});
