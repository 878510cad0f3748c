import { describe, expect, test } from '@jest/globals';
import { pip } from '../../src/consumers/pip.js';
import { twine } from '../../src/consumers/twine.js';
import { withoutRepeats } from '../../src/effects.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

const OURS = 'repository = https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/upload/';

const planFor = (text: string) => () =>
  twine.plan(tokenFor('contoso'), facts({ workspaceFiles: [{ path: '/work/.pypirc', text }] }));

test('with pip it shares one file and one variable, which are written once', () => {
  const both = [pip, twine].flatMap((consumer) => consumer.plan(tokenFor('contoso'), facts()));
  const names = withoutRepeats(both).map((effect) =>
    effect.kind === 'file' ? effect.path : effect.kind === 'environment' ? effect.name : effect.kind,
  );
  expect(names).toHaveLength(new Set(names).size);
  expect(names).toHaveLength(4);
});

describe('a .pypirc in the project', () => {
  test.each([
    ['after the repository', `[feed]\n${OURS}\npassword: secret\n`, 3],
    ['before it', `[feed]\nPassword = secret\n${OURS}\n`, 2],
  ])('with a password for our feed, %s, is refused with its line', (_, text, line) => {
    expect(planFor(text)).toThrow(`/work/.pypirc, line ${line}, holds a password for a feed of contoso.`);
  });

  test('with a password in the URL, too', () => {
    expect(planFor(`[feed]\n${OURS.replace('//', '//user:secret@')}\n`)).toThrow(
      'line 2, holds a URL of contoso',
    );
  });

  test('with a password for another registry only is left alone', () => {
    const text = `[pypi]\nusername = __token__\npassword = secret\n[feed]\n${OURS}\nusername = build\n[other]\npassword = secret\nrepository = https://registry.example/\n`;
    expect(planFor(text)).not.toThrow();
  });
});
