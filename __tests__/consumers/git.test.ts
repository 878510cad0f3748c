import { describe, expect, test } from '@jest/globals';
import { git } from '../../src/consumers/git.js';
import { Secret } from '../../src/secret.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

/** Plans for the organizations one after another, each seeing the environment that the ones before left. */
function environmentAfter(
  organizations: readonly string[],
  start: Record<string, string> = {},
): Record<string, string> {
  const environment = { ...start };
  for (const name of organizations) {
    for (const effect of git.plan(tokenFor(name), facts({ environment }))) {
      if (effect.kind === 'environment') environment[effect.name] = String(effect.value);
    }
  }
  return environment;
}

function entries(environment: Record<string, string>): string[] {
  return Array.from({ length: Number(environment.GIT_CONFIG_COUNT) }, (_, index) => {
    const value = environment[`GIT_CONFIG_VALUE_${index}`] ?? '';
    const short = /PATLESS_TOKEN_\w+/.exec(value)?.[0] ?? value;
    return `${environment[`GIT_CONFIG_KEY_${index}`]}=${short}`;
  });
}

function numbered(list: readonly [string, string][]): Record<string, string> {
  const pairs = list.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return Object.fromEntries([...pairs, ['GIT_CONFIG_COUNT', String(list.length)]]);
}

const SHARED = 'credential.https://dev.azure.com';

test('one organization: one reset for each host, our helper after it', () => {
  expect(entries(environmentAfter(['contoso']))).toEqual([
    `${SHARED}.useHttpPath=true`,
    'http.https://dev.azure.com.followRedirects=false',
    'http.https://contoso.visualstudio.com.followRedirects=false',
    `${SHARED}.helper=`,
    `${SHARED}.helper=PATLESS_TOKEN_CONTOSO`,
    'credential.https://contoso.visualstudio.com.helper=',
    'credential.https://contoso.visualstudio.com.helper=PATLESS_TOKEN_CONTOSO',
  ]);
});

test('no value names a folder of this machine, so that a container finds it as useful (H10)', () => {
  for (const value of Object.values(environmentAfter(['contoso']))) {
    expect(value.replaceAll('https://', '').replace(/case .* esac/, '')).not.toMatch(
      /[A-Za-z]:\\|(?:^|[\s"'=])\/\w/,
    );
  }
});

test('a second organization repeats neither the reset nor useHttpPath', () => {
  expect(entries(environmentAfter(['contoso', 'fabrikam'])).slice(7)).toEqual([
    'http.https://fabrikam.visualstudio.com.followRedirects=false',
    `${SHARED}.helper=PATLESS_TOKEN_FABRIKAM`,
    'credential.https://fabrikam.visualstudio.com.helper=',
    'credential.https://fabrikam.visualstudio.com.helper=PATLESS_TOKEN_FABRIKAM',
  ]);
});

test('the same organization again adds nothing', () => {
  expect(environmentAfter(['contoso', 'fabrikam', 'contoso']).GIT_CONFIG_COUNT).toBe('11');
});

describe('a helper of somebody else', () => {
  test('that was there before is cut off by our reset', () => {
    const list = entries(environmentAfter(['contoso'], numbered([['credential.helper', 'store']])));
    expect(list[0]).toBe('credential.helper=store');
    expect(list).toContain(`${SHARED}.helper=`);
  });

  test.each([
    ['credential.helper', 'store'],
    ['credential.helper', ''],
    [`${SHARED}/.helper`, 'cache'],
    [`${SHARED}.helper`, '!theirs'],
    ['include.path', '/etc/more'],
    ['includeIf.gitdir:/x.path', '/etc/more'],
    ['Credential.https://*.azure.com.Helper', 'cache'],
  ])(
    'that came between two calls (%s=%s) is cut off again, and our first helper comes back',
    (key, value) => {
      const between = environmentAfter(['contoso']);
      between.GIT_CONFIG_KEY_7 = key;
      between.GIT_CONFIG_VALUE_7 = value;
      between.GIT_CONFIG_COUNT = '8';
      const list = entries(environmentAfter(['fabrikam'], between));
      expect(list.slice(9, 12)).toEqual([
        `${SHARED}.helper=`,
        `${SHARED}.helper=PATLESS_TOKEN_FABRIKAM`,
        `${SHARED}.helper=PATLESS_TOKEN_CONTOSO`,
      ]);
    },
  );
});

test('nobody is asked at a prompt', () => {
  expect(environmentAfter(['contoso'])).toMatchObject({ GIT_TERMINAL_PROMPT: '0', GCM_INTERACTIVE: 'never' });
});

test.each([
  [{ GIT_CONFIG_COUNT: 'many' }, 'GIT_CONFIG_COUNT is set, but not to a number'],
  [{ GIT_CONFIG_COUNT: '1' }, 'GIT_CONFIG_COUNT is 1, but GIT_CONFIG_KEY_0 or its value is missing'],
  [{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'a.b' }, 'GIT_CONFIG_KEY_0 or its value is missing'],
])('%j, which git would refuse too, is refused', (environment, text) => {
  expect(() => git.plan(tokenFor('contoso'), facts({ environment: { ...environment } }))).toThrow(text);
});

test('only the token variable holds the secret, and the count is written after the entries', () => {
  const effects = git.plan(tokenFor('contoso'), facts());
  const names = effects.map((effect) => (effect.kind === 'environment' ? effect.name : effect.kind));
  const secrets = effects.filter((effect) => effect.kind === 'environment' && effect.value instanceof Secret);
  expect(secrets).toHaveLength(1);
  expect(secrets[0]).toMatchObject({ name: 'PATLESS_TOKEN_CONTOSO', restore: false });
  expect(names.indexOf('GIT_CONFIG_COUNT')).toBeGreaterThan(names.lastIndexOf('GIT_CONFIG_VALUE_6'));
});

describe('remotes and submodules by SSH', () => {
  const rewritten = (text: string) =>
    git
      .plan(tokenFor('contoso'), facts({ workspaceFiles: [{ path: '.gitmodules', text }] }))
      .flatMap((effect) => (effect.kind === 'environment' ? [String(effect.value)] : []))
      .filter((value) => /insteadOf|ssh/.test(value));

  test.each([
    [
      'git@ssh.dev.azure.com:v3/contoso/widgets/app',
      'contoso/widgets',
      'git@ssh.dev.azure.com:v3/contoso/widgets/',
    ],
    [
      'git@ssh.dev.azure.com:v3/Contoso/My%20Project/app',
      'Contoso/My%20Project',
      'git@ssh.dev.azure.com:v3/Contoso/My%20Project/',
    ],
    [
      'ssh://git@ssh.dev.azure.com/v3/contoso/widgets/app',
      'contoso/widgets',
      'ssh://git@ssh.dev.azure.com/v3/contoso/widgets/',
    ],
    [
      'contoso@vs-ssh.visualstudio.com:v3/contoso/widgets/app',
      'contoso/widgets',
      'contoso@vs-ssh.visualstudio.com:v3/contoso/widgets/',
    ],
  ])('%s is read as https', (url, path, prefix) => {
    expect(rewritten(`[submodule "x"]\n\turl = ${url}\n`)).toEqual([
      `url.https://dev.azure.com/${path}/_git/.insteadOf`,
      prefix,
    ]);
  });

  test('each project once; other organizations, other hosts and odd names are left alone', () => {
    expect(
      rewritten('git@ssh.dev.azure.com:v3/contoso/p/a git@ssh.dev.azure.com:v3/contoso/p/b'),
    ).toHaveLength(2);
    for (const url of [
      'git@ssh.dev.azure.com:v3/fabrikam/p/a',
      'git@ssh.dev.azure.com.evil.example:v3/contoso/p/a',
      'git@github.com:contoso/p',
      'git@ssh.dev.azure.com:v3/contoso/$(x)/a',
    ]) {
      expect(rewritten(url)).toEqual([]);
    }
  });
});

test.each(['.gitmodules', '.git/config'])(
  'a password that %s has for our hosts is named with its line',
  (file) => {
    const plan = (url: string) =>
      git.plan(
        tokenFor('contoso'),
        facts({ workspaceFiles: [{ path: file, text: `[x]\n\turl = ${url}\n` }] }),
      );
    for (const host of ['dev.azure.com/contoso', 'contoso.visualstudio.com']) {
      expect(() => plan(`https://x:secret@${host}/p/_git/a`)).toThrow(`${file}, line 2`);
      expect(() => plan(`https://x:secret@${host}/p/_git/a`)).not.toThrow('secret');
      expect(() => plan(`https://x@${host}/p/_git/a`)).not.toThrow();
    }
    expect(() => plan('https://x:secret@github.com/p/a')).not.toThrow();
  },
);

// Where a pattern looks at every letter anew, the first file alone takes minutes.
test('a hostile file neither holds the run up nor fills the environment', () => {
  const many = Array.from(
    { length: 3000 },
    (_, index) => `git@ssh.dev.azure.com:v3/contoso/p${index}/r`,
  ).join('\n');
  const workspaceFiles = [
    { path: '.gitmodules', text: 'a'.repeat(900_000) },
    { path: 'x/.gitmodules', text: many },
  ];
  const effects = git.plan(tokenFor('contoso'), facts({ workspaceFiles }));
  expect(effects.length).toBeLessThan(250);
});
