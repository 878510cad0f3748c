// One invariant for every tool that `configure` knows, now and later.
import { describe, expect, test } from '@jest/globals';
import { cleanup } from '../../src/cleanup.js';
import { consumers } from '../../src/consumers/register.js';
import { apply } from '../../src/effects.js';
import { Secret } from '../../src/secret.js';
import { gather } from '../../src/surroundings.js';
import { recordingHost } from '../support/recording.js';
import { tokenFor } from '../support/tokens.js';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const token = tokenFor('contoso-dev', TOKEN);

describe.each(consumers.map((consumer) => [consumer.name, consumer] as const))('%s', (name, consumer) => {
  const plan = () => consumer.plan(token, gather(consumer.needs, {}));

  test('has a name that can be typed, and plans the same effects for the same facts', () => {
    expect(name).toMatch(/^[a-z][a-z-]*$/);
    expect(JSON.stringify(plan())).toBe(JSON.stringify(plan()));
  });

  test('carries the token as a Secret only, so that a plan can be printed', () => {
    expect(JSON.stringify(plan())).not.toContain(TOKEN.slice(-20));
  });

  test('never asks clean-up to bring a secret back', () => {
    for (const effect of plan()) {
      if (effect.kind === 'environment' && effect.value instanceof Secret) expect(effect.restore).toBe(false);
    }
  });

  test('keeps the token out of the saved state, and clean-up leaves no trace of it', () => {
    const variables = new Map<string, string>();
    let state = '';
    const host = recordingHost({
      beginWrites(receipts) {
        state = receipts;
        return () => undefined;
      },
      readState: () => state,
      setEnvironment: (variable, value) => void variables.set(variable, value),
    });
    apply(plan(), host);
    expect(state).not.toContain(TOKEN.slice(-20));
    expect([...variables.values()].join()).toContain(TOKEN);
    cleanup(host);
    expect([...variables.values()].filter((value) => value !== '')).toEqual([]);
  });
});
