// git and Git LFS, by configuration in the environment: nothing in .git, HOME, the workspace or argv.
import { urlsIn } from '../azure-devops/feed-address.js';
import { type Organization, SHARED_HOST } from '../azure-devops/organization.js';
import { emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { PatlessError } from '../errors.js';
import { GIT_USER_NAME } from '../masks.js';
import { printable } from '../printable.js';
import { CURRENT_FILE, REFUSED_FILE } from '../renewal.js';
import type { Consumer, Facts } from './consumer.js';

interface Entry {
  readonly key: string;
  readonly value: string;
}

/** Our helpers begin with this, so that a later call knows them from anyone else's. */
const OURS = '!patless() {';

/** Keys that can bring helpers into force: by name, or by a file that they include. */
const CHANGES_HELPERS = /^(?:credential\..*helper|include(?:if\..*)?\.path)$/i;

export const git: Consumer = {
  name: 'git',
  needs: [
    { kind: 'environment', names: /^GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+)$/ },
    { kind: 'workspace-files', names: ['.gitmodules', '.git/config'] },
  ],

  plan({ organization, secret }, facts) {
    refuseCommittedPasswords(organization, facts);
    const existing = existingEntries(facts);
    const added = [
      // git and git-lfs tell a helper the path, and with it the organization, only when asked to.
      ...ifMissing({ key: `credential.https://${SHARED_HOST}.useHttpPath`, value: 'true' }, existing),
      ...[SHARED_HOST, organization.legacyHost].flatMap((host) =>
        // git would carry the token to where the host redirects, be it another organization.
        ifMissing({ key: `http.https://${host}.followRedirects`, value: 'false' }, existing),
      ),
      ...helperEntries(SHARED_HOST, sharedHostHelper(organization), existing),
      ...helperEntries(organization.legacyHost, legacyHostHelper(organization), existing),
      ...httpsInsteadOfSsh(organization, facts).flatMap((entry) => ifMissing(entry, existing)),
    ];
    return [
      emptiedAfterJob(organization.tokenVariable, secret),
      ...added.flatMap(({ key, value }, index) => [
        emptiedAfterJob(`GIT_CONFIG_KEY_${existing.length + index}`, key),
        emptiedAfterJob(`GIT_CONFIG_VALUE_${existing.length + index}`, value),
      ]),
      // After the entries, so that the count never promises one that is not there.
      restoredAfterJob('GIT_CONFIG_COUNT', String(existing.length + added.length)),
      // A CI job has nobody to answer a prompt: fail at once instead of hanging.
      restoredAfterJob('GIT_TERMINAL_PROMPT', '0'),
      restoredAfterJob('GCM_INTERACTIVE', 'never'),
    ];
  },
};

const MOST_PROJECTS = 100;

/** As Azure DevOps writes them: git@ssh.dev.azure.com:v3/ORG/PROJECT/REPOSITORY, and the older ORG@vs-ssh.visualstudio.com. */
const SSH_PROJECT =
  /(?:ssh:\/\/)?(?:git@ssh\.dev\.azure\.com(?::22)?|(?<![a-z0-9-])[a-z0-9-]{1,50}@vs-ssh\.visualstudio\.com(?::22)?)[:/]v3\/([a-z0-9-]+)\/([\w.%~+-]{1,200})\//gi;

/**
 * Service principals cannot use SSH, so that remotes and submodules which say so are read as https. git replaces a
 * prefix and cannot put `_git` in the middle, so each project that the checked-out files name gets an entry.
 */
function httpsInsteadOfSsh({ name }: Organization, { workspaceFiles }: Facts): Entry[] {
  const found = workspaceFiles.flatMap(({ text }) => [...text.matchAll(SSH_PROJECT)]);
  const own = found.filter(([, organization = '']) => organization.toLowerCase() === name);
  const entries = own.map(([prefix, organization, project]): [string, Entry] => [
    prefix,
    { key: `url.https://${SHARED_HOST}/${organization}/${project}/_git/.insteadOf`, value: prefix },
  ]);
  // Each is three variables of every later process.
  return [...new Map(entries).values()].slice(0, MOST_PROJECTS);
}

/** git would present it, and never ask for ours. @throws PatlessError that names file and line. */
function refuseCommittedPasswords(organization: Organization, { workspaceFiles }: Facts): void {
  const hosts = [SHARED_HOST, organization.legacyHost];
  const places = workspaceFiles.flatMap(({ path, text }) =>
    urlsIn(text)
      .filter(({ url }) => hosts.includes(url.hostname) && url.password !== '')
      .map(({ line }) => `${printable(path)}, line ${line}`),
  );
  if (places.length === 0) return;
  throw new PatlessError('INPUT_INVALID', `A URL with a password in it: ${places.join('; ')}.`, {
    hint: 'git would use that password in place of the token. Remove it from the URL, and revoke it: whoever reads the file has it.',
  });
}

/** What the environment configures already (git-config, "GIT_CONFIG_COUNT"); ours comes after it. */
function existingEntries({ environment }: Facts): Entry[] {
  const count = environment.GIT_CONFIG_COUNT ?? '';
  if (!/^\d{0,4}$/.test(count)) throw unusable('GIT_CONFIG_COUNT is set, but not to a number');
  return Array.from({ length: Number(count) }, (_, index) => {
    const key = environment[`GIT_CONFIG_KEY_${index}`];
    const value = environment[`GIT_CONFIG_VALUE_${index}`];
    if (!key || value === undefined) {
      throw unusable(`GIT_CONFIG_COUNT is ${count}, but GIT_CONFIG_KEY_${index} or its value is missing`);
    }
    return { key, value };
  });
}

function unusable(what: string): PatlessError {
  return new PatlessError('INPUT_INVALID', `The variable ${what}.`, {
    hint: 'An earlier step or an `env:` set it, and git itself would refuse it. Correct or unset it before this step.',
  });
}

function ifMissing(entry: Entry, existing: readonly Entry[]): Entry[] {
  return existing.some(({ key, value }) => key === entry.key && value === entry.value) ? [] : [entry];
}

/**
 * Switches inherited helpers off for this host (an empty value resets git's list so far), then adds ours. While
 * an earlier call's reset is in force it is not repeated: that would switch that call's helper off too.
 */
function helperEntries(host: string, value: string, existing: readonly Entry[]): Entry[] {
  const key = `credential.https://${host}.helper`;
  const helper = { key, value };
  if (resetIsInForce(key, existing)) return ifMissing(helper, existing);
  // Somebody else's helper has come in between: reset again, and bring back what earlier calls had added.
  const earlier = existing.filter((entry) => entry.key === key && isOurs(entry) && entry.value !== value);
  return [{ key, value: '' }, helper, ...earlier];
}

/** True when the host's helpers have been reset, and none but ours follow. */
function resetIsInForce(key: string, existing: readonly Entry[]): boolean {
  const reset = existing.findLastIndex((entry) => entry.key === key && entry.value === '');
  const later = existing.slice(reset + 1).filter((entry) => CHANGES_HELPERS.test(entry.key));
  return reset >= 0 && later.every((entry) => isOurs(entry) || isResetOfOurs(entry));
}

function isOurs({ value }: Entry): boolean {
  return value.startsWith(OURS);
}

/** A reset for one of the hosts that we configure; it leaves the others' helpers in force. */
function isResetOfOurs({ key, value }: Entry): boolean {
  return (
    value === '' &&
    /^credential\.https:\/\/(?:dev\.azure\.com|[a-z0-9-]+\.visualstudio\.com)\.helper$/.test(key)
  );
}

/**
 * git gives the request as key=value lines (git-credential, "INPUT/OUTPUT FORMAT"). The token is answered only
 * when the path's first segment is the organization, in any letter case: git compares URL-scoped keys with
 * case, Azure DevOps does not. A path with dot segments (or backslashes, which a server may read as slashes)
 * gets no answer: curl resolves them after git has asked, and would carry the token to another organization.
 */
function sharedHostHelper(organization: Organization): string {
  const name = [...organization.name].map(inAnyCase).join('');
  return helperValue(organization, [
    `path=`,
    `while IFS='=' read -r key value && test -n "$key"; do test "$key" != path || path=$value; done`,
    `case "/$path/" in */../*|*\\\\*) ;; /${name}/*) ${answer(organization)};; esac`,
  ]);
}

/** The host is this organization's alone, so the path does not matter. */
function legacyHostHelper(organization: Organization): string {
  return helperValue(organization, [answer(organization)]);
}

/** What a server has refused must not be handed out again, so git's `erase` is the command's business. */
function helperValue({ name, folderVariable }: Organization, statements: readonly string[]): string {
  const all = [
    `folder=$${folderVariable}`,
    `if test "$1" = erase && test -x "$folder/patless"; then "$folder/patless" git-credential --organization ${name} erase; return; fi`,
    `test "$1" = get || return 0`,
    ...statements,
  ];
  return `${OURS} ${all.join('; ')}; }; patless`;
}

function inAnyCase(character: string): string {
  return /[a-z]/.test(character) ? `[${character}${character.toUpperCase()}]` : character;
}

/**
 * All but `patless` is built into the shell: while the token is valid there is no process, and it reaches neither argv nor
 * a file. A failing `patless` has told git to quit; one that cannot run, without Node, leaves the job's token. What the file `current` holds, and what its time means, says renewal.ts; in a container of a later step the
 * folder may be missing, and the environment's token is all there is. No percent sign: an Azure Pipelines agent with
 * DECODE_PERCENTS=false would change it; no `$(`, which an agent takes for a variable of its own.
 */
function answer({ name, tokenVariable }: Organization): string {
  const isDue = `test -e "$folder/${REFUSED_FILE}" || test "$folder/now" -nt "$folder/${CURRENT_FILE}"`;
  return [
    `token=$${tokenVariable} until= later=`,
    `if test -x "$folder/patless" && { true >"$folder/now"; } 2>/dev/null`,
    `then if ${isDue}`,
    `then "$folder/patless" git-credential --organization ${name} get </dev/null; test $? -lt 126 && return; fi`,
    `{ read -r until; read -r later; } <"$folder/${CURRENT_FILE}"; token=\${later:-$token}; fi`,
    `test -z "$token" || { printf 'username=${GIT_USER_NAME}\\npassword='; echo "$token"`,
    `test -z "$until" || echo "password_expiry_utc=$until"; }`,
  ].join('; ');
}
