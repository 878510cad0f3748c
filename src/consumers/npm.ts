// npm, pnpm, Yarn and Bun: a user-level npmrc that knows the variable of the token, and a plugin for Yarn 4, which reads none.
import { basename, join } from 'node:path';
import { leadsToFeedsOf, urlsIn } from '../azure-devops/feed-address.js';
import { type Organization, PACKAGES_HOST } from '../azure-devops/organization.js';
import { emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { PatlessError } from '../errors.js';
import { printable } from '../printable.js';
import { Secret } from '../secret.js';
import type { Consumer, Facts, FoundFile } from './consumer.js';
import { yarnPlugin } from './yarn-plugin.js';

const LEGACY_DOMAIN = 'pkgs.visualstudio.com';

/** Where projects name their registries, or what they got from them. */
const PROJECT_FILES = [
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  'bunfig.toml',
  'package.json',
  'pnpm-workspace.yaml',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
];

export const npm: Consumer = {
  name: 'npm',
  needs: [
    {
      kind: 'environment',
      names: /^(?:NPM_CONFIG_(?:USERCONFIG|REGISTRY)|npm_config_(?:userconfig|registry)|YARN_PLUGINS)$/,
    },
    { kind: 'user-file', name: 'npmrc', variable: 'NPM_CONFIG_USERCONFIG', path: '.npmrc' },
    { kind: 'workspace-files', names: PROJECT_FILES },
    { kind: 'feeds' },
  ],

  plan({ organization, secret }, facts) {
    refuseSecondSpelling(facts);
    const files = facts.workspaceFiles.filter(({ path }) => PROJECT_FILES.includes(basename(path)));
    for (const file of files) refuseProjectLine(file, organization);
    for (const file of [...files, ...settingsOf(facts)]) refusePlainHttp(file, organization);

    const [npmrc, nothing, plugin] = ['npmrc', 'npm-no-certificate', 'yarn-plugin.cjs'].map((file) =>
      join(facts.folder, file),
    ) as [string, string, string];
    const lines = [...feedLines(organization, files, facts), ...yarn1Lines(files), ...stopLines(nothing)];
    const plugins = (facts.environment.YARN_PLUGINS ?? '').split(';').filter((path) => path !== '');
    return [
      emptiedAfterJob(organization.tokenVariable, secret),
      // The user's own lines may hold credentials, so all of it is a secret.
      {
        kind: 'file',
        path: npmrc,
        content: new Secret(below(facts.userFiles.npmrc?.text, lines)),
        isProgram: false,
      },
      { kind: 'file', path: nothing, content: '', isProgram: false },
      { kind: 'file', path: plugin, content: yarnPlugin(organization, facts.program), isProgram: false },
      restoredAfterJob('NPM_CONFIG_USERCONFIG', npmrc),
      restoredAfterJob('YARN_PLUGINS', [...plugins, plugin].join(';')),
    ];
  },
};

/** npm reads the variable in any letter case, and of two it takes either. */
function refuseSecondSpelling({ environment }: Facts): void {
  if (!environment.npm_config_userconfig) return;
  throw new PatlessError('INPUT_INVALID', 'The variable npm_config_userconfig is set.', {
    hint: 'patless sets NPM_CONFIG_USERCONFIG, and npm might read either. Write the name in capitals where you set it.',
  });
}

/** The user's own lines stay in force, and so do those of an earlier call; ours come before the first `[section]`. */
function below(own = '', lines: readonly string[]): string {
  const present = own.split(/\r?\n/);
  const added = lines.filter((line) => !present.includes(line));
  const section = present.findIndex((line) => /^\s*\[/.test(line));
  const top = section < 0 ? present : present.slice(0, section);
  const rest = section < 0 ? [] : present.slice(section);
  return [...(own === '' || top.at(-1) === '' ? top.slice(0, -1) : top), ...added, ...rest, ''].join('\n');
}

/**
 * npm, pnpm and Bun take the entry of the longest path that the URL begins with, so one for the organization
 * is enough to read; `npm publish` and Yarn 1 want the exact one of the feed. All of them compare with case.
 */
function feedLines(organization: Organization, files: readonly FoundFile[], { feeds }: Facts): string[] {
  const { name, tokenVariable } = organization;
  const texts = files.map(({ text }) => text);
  const bases = unique([
    `//${PACKAGES_HOST}/${name}`,
    `//${name}.${LEGACY_DOMAIN}`,
    ...texts.flatMap((text) => basesIn(text, organization)),
  ]);
  const listed = feeds.flatMap(({ name: feed, project }) =>
    bases.map((base) => `${base}${project === undefined ? '' : `/${project}`}/_packaging/${feed}/npm/`),
  );
  const exact = [...texts.flatMap((text) => feedsIn(text, organization)), ...listed]
    .flatMap((feed) => spellings(feed, organization))
    .flatMap((feed) => [feed, `${feed}registry/`]);
  const guessed = [name.charAt(0).toUpperCase() + name.slice(1), name.toUpperCase()];
  return unique([
    ...bases.map((base) => `${base}/`),
    ...guessed.map((spelling) => `//${PACKAGES_HOST}/${spelling}/`),
    ...exact,
  ]).map((key) => `${key}:_authToken=\${${tokenVariable}}`);
}

/**
 * Yarn 1 authenticates unscoped packages only with this. Everybody else's npm would warn of it, so it needs a sign
 * that the project is Yarn 1's.
 */
function yarn1Lines(files: readonly FoundFile[]): string[] {
  const signs: Record<string, RegExp> = {
    '.yarnrc': /^/,
    'yarn.lock': /^# yarn lockfile v1$/m,
    'package.json': /"packageManager"\s*:\s*"yarn@1\./,
  };
  return files.some(({ path, text }) => signs[basename(path)]?.test(text)) ? ['always-auth=true'] : [];
}

/**
 * For a URL without an entry at its registry's host, npm takes the registry's own token, be it another
 * organization's URL in a lock file. An entry for the whole host, which names a certificate that is empty, stops
 * that: npm goes there without credentials, as the others do.
 */
function stopLines(file: string): string[] {
  return ['certfile', 'keyfile'].map((key) => `//${PACKAGES_HOST}/:${key}=${file}`);
}

/** The organization's own part of each URL, as the project spells it: "//pkgs.dev.azure.com/Contoso". */
function basesIn(text: string, organization: Organization): string[] {
  return [...text.matchAll(new RegExp(`//(?:[^\\s/@]{0,200}@)?(${base(organization)})(?=/)`, 'gi'))].map(
    ([, place]) => `//${place}`,
  );
}

/** Each feed's URL up to "/npm/", as the project spells it. A project's name may hold spaces. */
function feedsIn(text: string, organization: Organization): string[] {
  const feed = `(${base(organization)}(?:/[^/"'<>\\r\\n]{1,100}){0,2}/_packaging/[^/"'<>\\s]{1,100}/npm/)`;
  return [...text.matchAll(new RegExp(`//(?:[^\\s/@]{0,200}@)?${feed}`, 'gi'))].map(
    ([, place]) => `//${place}`,
  );
}

function base({ name }: Organization): string {
  return `(?:${PACKAGES_HOST}/${name}|${name}.${LEGACY_DOMAIN})`.replaceAll('.', '\\.');
}

/** As written, for Yarn 1; and as a URL, for the others. What could break the file, or leads elsewhere, is left out. */
function spellings(feed: string, organization: Organization): string[] {
  const { host, pathname } = new URL(`https:${feed}`);
  const asUrl = `//${host}${pathname}`;
  if (!new RegExp(`^//${base(organization)}/`, 'i').test(asUrl)) return [];
  return [feed, asUrl].filter((key) => /^[\p{L}\p{N} ._~%@/!'()&+-]+$/u.test(key));
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** npm's own forms of it: what a project commits comes before what a user has. */
const CREDENTIAL = /^\s*"?\/\/([^=\s"]+?)\/?:(?:_authToken|_auth|_password)"?\s*=\s*(.+)$/;
const PASSWORD_IN_URL = /\/\/[^\s/@:]{0,100}:([^\s/@]{1,300})@([^\s"']+)/;
/** @throws PatlessError for what would keep the token from being used. */
function refuseProjectLine({ path, text }: FoundFile, organization: Organization): void {
  const place = new RegExp(`^${base(organization)}(?:/|$)`, 'i');
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const where = `${printable(path)}, line ${index + 1},`;
    if (basename(path) === '.npmrc' && holdsCredential(line, place)) {
      throw new PatlessError(
        'INPUT_INVALID',
        `${where} holds a credential for ${organization.name}, which npm prefers to the token.`,
        {
          hint: 'Remove the line from the project, and revoke the credential: it is in the history of the repository.',
        },
      );
    }
  }
}

/** npm compares entries without the scheme. @throws PatlessError for what would show the token to the network. */
function refusePlainHttp({ path, text }: FoundFile, organization: Organization): void {
  const plain = urlsIn(text).find(({ url }) => url.protocol === 'http:' && leadsToFeedsOf(organization, url));
  if (plain === undefined) return;
  throw new PatlessError(
    'INPUT_INVALID',
    `${printable(path)}, line ${plain.line}, names a feed of ${organization.name} by http://.`,
    { hint: 'Write https:// there: npm would send the token without encryption.' },
  );
}

/** What else can name a registry. */
function settingsOf({ userFiles, environment }: Facts): FoundFile[] {
  const variables = ['NPM_CONFIG_REGISTRY', 'npm_config_registry'].flatMap((name) =>
    environment[name] ? [{ path: `the variable ${name}`, text: environment[name] }] : [],
  );
  return [...(userFiles.npmrc ? [userFiles.npmrc] : []), ...variables];
}

/** A mere `${VARIABLE}` is none: it is somebody's intention, and another step may fill it. */
function holdsCredential(line: string, place: RegExp): boolean {
  const [, entry = '', value = ''] = CREDENTIAL.exec(line) ?? [];
  const [, password = '', target = ''] = PASSWORD_IN_URL.exec(line) ?? [];
  return (place.test(entry) && !value.includes('${')) || (place.test(target) && !password.includes('${'));
}
