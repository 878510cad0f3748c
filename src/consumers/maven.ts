// Maven, by global settings of the run: servers for the project's repository IDs, with a placeholder of the token.
import { basename, dirname, join } from 'node:path';
import { isFeedOf } from '../azure-devops/feed-address.js';
import type { Organization } from '../azure-devops/organization.js';
import { type Effect, emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { PatlessError } from '../errors.js';
import { GIT_USER_NAME } from '../masks.js';
import { printable } from '../printable.js';
import { readXml } from '../xml.js';
import type { Consumer, Facts, FoundFile } from './consumer.js';
import { type Repository, repositoriesIn, serversIn } from './maven-repositories.js';

/** Where the settings are: for a later call, and for `mvnw -gs` with a Maven that reads neither variable. */
const SETTINGS = 'PATLESS_MAVEN_SETTINGS';
const USER_SETTINGS = 'maven-user-settings';
const EARLIER_SETTINGS = 'maven-earlier-settings';
const INSTALLED_SETTINGS = 'maven-installed-settings';
const SCRIPT = 'maven-script';

/** Maven looks the server "central" up for Maven Central, too, wherever a project does not redefine both of its kinds. */
const CENTRAL = 'central';
/** No placeholder, and nothing that would have to be escaped. */
const ID = /^[^\s<>&"'$\\/:|?*{}]{1,100}$/u;

/** What Maven itself comes with, when there is no installation to read: plain http is blocked. */
const DEFAULT_SETTINGS = `<settings>
  <mirrors>
    <mirror>
      <id>maven-default-http-blocker</id>
      <mirrorOf>external:http:*</mirrorOf>
      <name>Pseudo repository to mirror external repositories initially using HTTP.</name>
      <url>http://0.0.0.0/</url>
      <blocked>true</blocked>
    </mirror>
  </mirrors>
</settings>
`;

/** What Maven 3's conf/logging says, which it does not find beside our settings. */
const LOGGING = [
  ['defaultLogLevel', 'info'],
  ['showDateTime', 'false'],
  ['showThreadName', 'false'],
  ['showLogName', 'false'],
  ['logFile', 'System.out'],
  ['cacheOutputStream', 'true'],
  ['levelInBrackets', 'true'],
  ['log.Sisu', 'info'],
  ['warnLevelString', 'WARNING'],
];

export const maven: Consumer = {
  name: 'maven',
  needs: [
    { kind: 'environment', names: new RegExp(`^(?:MAVEN_ARGS|MAVEN_OPTS|${SETTINGS})$`) },
    { kind: 'user-file', name: USER_SETTINGS, path: '.m2/settings.xml' },
    { kind: 'user-file', name: EARLIER_SETTINGS, variable: SETTINGS },
    { kind: 'beside-program', name: SCRIPT, program: 'mvn', path: 'mvn' },
    { kind: 'beside-program', name: INSTALLED_SETTINGS, program: 'mvn', path: '../conf/settings.xml' },
    { kind: 'workspace-files', names: ['pom.xml', 'settings.xml'] },
    { kind: 'feeds' },
  ],

  plan({ organization, secret }, facts) {
    const path = join(facts.folder, 'settings.xml');
    const content = withServers(facts, serverIds(organization, facts), organization);
    return [
      emptiedAfterJob(organization.tokenVariable, secret),
      { kind: 'file', path, content, isProgram: false },
      restoredAfterJob(SETTINGS, path),
      ...intoForce(path, facts),
    ];
  },
};

/** The IDs that get the token; sorted, once each. */
function serverIds(organization: Organization, facts: Facts): string[] {
  const poms = facts.workspaceFiles.filter(({ path }) => basename(path) === 'pom.xml');
  const repositories = [...repositoriesIn(poms), ...repositoriesIn(ownSettings(facts))];
  const ids = idsInFiles(repositories, organization, facts);
  return [...new Set(poms.length > 0 ? ids : [...ids, ...idsOfFeeds(repositories, facts)])].sort();
}

/** @throws PatlessError for an ID that leads elsewhere too, and for credentials that Maven would take before ours. */
function idsInFiles(repositories: readonly Repository[], organization: Organization, facts: Facts): string[] {
  const ours = repositories.filter(({ id, url }) => ID.test(id) && isFeedOf(organization, url));
  const ids = new Set(ours.map(({ id }) => id));
  refuse(
    ours.filter(({ url }) => /^https:\/\/[^/@]*:[^/@]*@/i.test(url)).map(({ place }) => place),
    'The URL of a feed holds credentials',
    'Remove them from the URL, and revoke them: whoever reads the file has them.',
  );
  const elsewhere = repositories.filter(
    ({ id, url }) => ids.has(id) && (id === CENTRAL || !isFeedOf(organization, url)),
  );
  refuse(
    elsewhere.map(({ id, place }) => `${id} at ${place}`),
    `Maven would send the token elsewhere: it looks credentials up by ID, and an ID of a feed of ${organization.name} stands for another host, too`,
    `Give the feed's repository an ID of its own. (Maven Central always has the ID ${CENTRAL}.)`,
  );
  const committed = facts.workspaceFiles.filter(({ path }) => basename(path) === 'settings.xml');
  refuse(
    serversIn([...ownSettings(facts), ...committed])
      .filter(({ id, password }) => ids.has(id) && !/^\$\{[^{}]+\}$/.test(password))
      .map(({ id, place }) => `${id} at ${place}`),
    'Credentials that are configured already would win over the token',
    'Remove the <server> entry; if it holds a personal access token, revoke that.',
  );
  const placeholder = placeholderOf(organization);
  refuse(
    serversIn([facts.userFiles[EARLIER_SETTINGS]])
      .filter(({ id, password }) => ids.has(id) && password !== placeholder)
      .map(({ id, password }) => `${id}, which has ${password}`),
    'An earlier step gave another token to the same repository ID',
    'Give the repositories of the two organizations different IDs.',
  );
  return [...ids];
}

/**
 * Without a pom.xml, say before the checkout: Azure Artifacts tells its users to take the feed's name as ID. Nobody
 * has asked for one of these in particular, so one that is taken is left out.
 */
function idsOfFeeds(repositories: readonly Repository[], facts: Facts): string[] {
  const settings = [...ownSettings(facts), facts.userFiles[EARLIER_SETTINGS]];
  const taken = new Set([CENTRAL, ...[...repositories, ...serversIn(settings)].map(({ id }) => id)]);
  return facts.feeds.map(({ name }) => name).filter((name) => ID.test(name) && !taken.has(name));
}

function ownSettings({ userFiles }: Facts): FoundFile[] {
  return [userFiles[USER_SETTINGS], userFiles[INSTALLED_SETTINGS]].filter((file) => file !== undefined);
}

function refuse(places: readonly string[], what: string, hint: string): void {
  if (places.length === 0) return;
  throw new PatlessError('INPUT_INVALID', `${what}: ${printable(places.join(', '))}.`, { hint });
}

/** What is in force already, an earlier call's or the installation's, and our servers in it. */
function withServers(facts: Facts, ids: readonly string[], organization: Organization): string {
  const earlier = facts.userFiles[EARLIER_SETTINGS];
  const base = [earlier, facts.userFiles[INSTALLED_SETTINGS]].find(
    (file) => readXml(file?.text ?? '')?.name === 'settings',
  );
  const known = new Set(serversIn([earlier]).map(({ id }) => id));
  const added = ids.filter((id) => !known.has(id)).map((id) => serverElement(id, organization));
  return insertServers(base, added.join(''));
}

function serverElement(id: string, organization: Organization): string {
  const password = placeholderOf(organization);
  return `    <server><id>${id}</id><username>${GIT_USER_NAME}</username><password>${password}</password></server>\n`;
}

function placeholderOf({ tokenVariable }: Organization): string {
  return `\${env.${tokenVariable}}`;
}

function insertServers(base: FoundFile | undefined, added: string): string {
  const text = base?.text ?? DEFAULT_SETTINGS;
  const root = readXml(text);
  const servers = root?.children.find(({ name }) => name === 'servers');
  const isEmptyTag = servers !== undefined && text.slice(servers.start, servers.end).endsWith('/>');
  if (servers !== undefined && !isEmptyTag) return insertedBeforeEnd(text, servers.end, added);
  const without = isEmptyTag ? text.slice(0, servers.start) + text.slice(servers.end) : text;
  const end = (root?.end ?? text.length) - (text.length - without.length);
  return insertedBeforeEnd(without, end, `<servers>\n${added}</servers>\n`);
}

/** @param end Where the closing tag ends, and perhaps the next one begins. */
function insertedBeforeEnd(text: string, end: number, added: string): string {
  const closing = text.lastIndexOf('</', end - 1);
  return `${text.slice(0, closing)}\n${added}${text.slice(closing)}`;
}

/** Maven 3.9 and newer read arguments from a variable; for older ones, the whole folder of configuration is ours. */
function intoForce(path: string, facts: Facts): Effect[] {
  if (/\s/.test(path)) {
    throw new PatlessError('HOST_UNUSABLE', `Maven splits its variables at spaces: ${printable(path)}.`, {
      hint: 'Let the runner have a temp folder without a space in its path.',
    });
  }
  const script = facts.userFiles[SCRIPT]?.text;
  if (script === undefined || script.includes('MAVEN_ARGS')) {
    return [
      restoredAfterJob(
        'MAVEN_ARGS',
        changed('MAVEN_ARGS', `-gs ${path}`, /(?:^|\s)(?:-gs|--global-settings)/, facts),
      ),
    ];
  }
  const options = changed('MAVEN_OPTS', `-Dmaven.conf=${dirname(path)}`, /(?:^|\s)-Dmaven\.conf=/, facts);
  const logging = LOGGING.map(([name, value]) => [`-Dorg.slf4j.simpleLogger.${name}=`, value] as const)
    .filter(([option]) => !options.includes(option))
    .map(([option, value]) => ` ${option}${value}`);
  return [
    // Maven does not start without it.
    { kind: 'file', path: join(dirname(path), 'logging'), content: '', isProgram: false },
    restoredAfterJob('MAVEN_OPTS', options + logging.join('')),
  ];
}

/** The variable's value with our option in place of an earlier call's. */
function changed(name: string, option: string, kind: RegExp, { environment }: Facts): string {
  const earlier = environment[SETTINGS] ?? '';
  const others = earlier
    ? (environment[name] ?? '').replace(`-gs ${earlier}`, '').replace(`-Dmaven.conf=${dirname(earlier)}`, '')
    : (environment[name] ?? '');
  if (kind.test(others)) {
    throw new PatlessError('INPUT_INVALID', `The variable ${name} names global settings already.`, {
      hint: 'Maven takes one such file. Move what it says to ~/.m2/settings.xml or to a file that `mvn -s` names.',
    });
  }
  return [...others.split(/\s+/), option].filter(Boolean).join(' ');
}
