// git and Git LFS, by configuration in the environment: nothing in .git, HOME, the workspace or argv.
import { type Organization, SHARED_HOST } from '../azure-devops/organization.js';
import type { Effect } from '../effects.js';
import { PatlessError } from '../errors.js';
import type { Consumer, Facts } from './consumer.js';

interface Entry {
  readonly key: string;
  readonly value: string;
}

/** Our helpers begin with this, so that a later call knows them from anyone else's. */
const OURS = '!patless() {';
const OUR_KEY = /^credential\.https:\/\/(?:dev\.azure|[a-z0-9-]+\.visualstudio)\.com\.helper$/;
const SHARED_HELPER = `credential.https://${SHARED_HOST}.helper`;

export const git: Consumer = {
  name: 'git',
  needs: [{ kind: 'environment', names: /^GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+)$/ }],

  plan(token, facts) {
    const { organization } = token;
    const existing = existingEntries(facts);
    const added = [
      // git and git-lfs tell a helper the path, and with it the organization, only when asked to.
      ...unless(existing, { key: `credential.https://${SHARED_HOST}.useHttpPath`, value: 'true' }),
      ...helperEntries(existing, SHARED_HELPER, sharedHostHelper(organization)),
      ...helperEntries(
        existing,
        `credential.https://${organization.legacyHost}.helper`,
        legacyHostHelper(organization),
      ),
    ];
    return [
      variable(organization.tokenVariable, token.secret, false),
      ...added.flatMap((entry, index) => [
        variable(`GIT_CONFIG_KEY_${existing.length + index}`, entry.key, false),
        variable(`GIT_CONFIG_VALUE_${existing.length + index}`, entry.value, false),
      ]),
      // Last, so that the count never promises an entry that is not there.
      variable('GIT_CONFIG_COUNT', String(existing.length + added.length), true),
      // A CI job has nobody to answer a prompt: fail at once instead of hanging.
      variable('GIT_TERMINAL_PROMPT', '0', true),
      variable('GCM_INTERACTIVE', 'never', true),
    ];
  },
};

function variable(
  name: string,
  value: Extract<Effect, { kind: 'environment' }>['value'],
  restore: boolean,
): Effect {
  return { kind: 'environment', name, value, restore };
}

/** What the environment configures already (git-config, "GIT_CONFIG_COUNT"); ours comes after it. */
function existingEntries({ environment }: Facts): Entry[] {
  const count = environment.GIT_CONFIG_COUNT ?? '';
  if (!/^\d{0,4}$/.test(count)) {
    throw new PatlessError('INPUT_INVALID', 'The variable GIT_CONFIG_COUNT is set, but not to a number.', {
      hint: 'An earlier step set it; git itself would refuse it too. Correct or unset it before this step.',
    });
  }
  return Array.from({ length: Number(count) }, (_, index) => ({
    key: environment[`GIT_CONFIG_KEY_${index}`] ?? '',
    value: environment[`GIT_CONFIG_VALUE_${index}`] ?? '',
  }));
}

function unless(existing: readonly Entry[], entry: Entry): Entry[] {
  return existing.some(({ key, value }) => key === entry.key && value === entry.value) ? [] : [entry];
}

/**
 * Switches inherited helpers off for this host (an empty value resets git's list) and adds ours. Where an
 * earlier call has done so and only our helpers follow, the reset is not repeated: it would undo that call.
 */
function helperEntries(existing: readonly Entry[], key: string, helper: string): Entry[] {
  const lastReset = existing.findLastIndex((entry) => entry.key === key && entry.value === '');
  const later = existing.slice(lastReset + 1).filter((entry) => /^credential\..*helper$/i.test(entry.key));
  const isOurs = ({ key, value }: Entry) => value.startsWith(OURS) || (value === '' && OUR_KEY.test(key));
  if (lastReset >= 0 && later.every(isOurs)) return unless(later, { key, value: helper });
  const earlier = existing.filter((entry) => entry.key === key && entry.value.startsWith(OURS));
  return [{ key, value: '' }, ...unless(earlier, { key, value: helper }), ...earlier];
}

/**
 * git gives the request as key=value lines (git-credential, "INPUT/OUTPUT FORMAT"). The token is answered only
 * when the path's first segment is the organization, in any letter case: git compares URL-scoped keys with
 * case, Azure DevOps does not. A path with dot segments (or backslashes, which a server may read as slashes)
 * gets no answer: curl resolves them after git has asked, and would carry the token to another organization.
 */
function sharedHostHelper(organization: Organization): string {
  const anyCase = [...organization.name]
    .map((c) => (c === '-' || /\d/.test(c) ? c : `[${c}${c.toUpperCase()}]`))
    .join('');
  return `${OURS} test "$1" = get || return 0; while IFS='=' read -r k v && test -n "$k"; do test "$k" != path || p=$v; done; \
case "/$p/" in */../*|*/./*|*\\\\*) ;; /${anyCase}/*) ${answer(organization)};; esac; }; patless`;
}

/** The host is this organization's alone, so the path does not matter. */
function legacyHostHelper(organization: Organization): string {
  return `${OURS} test "$1" != get || ${answer(organization)}; }; patless`;
}

/** printf is built into the shell: the token reaches neither argv nor a file. */
function answer({ tokenVariable }: Organization): string {
  return `test -z "$${tokenVariable}" || printf 'username=patless\\npassword=%s\\n' "$${tokenVariable}"`;
}
