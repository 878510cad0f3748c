// uv, by a netrc file: the one way to all feeds of an organization that uv documents without their names.
import { join } from 'node:path';
import { type Organization, PACKAGES_HOST } from '../azure-devops/organization.js';
import { emptiedAfterJob, restoredAfterJob } from '../effects.js';
import { PatlessError } from '../errors.js';
import { GIT_USER_NAME } from '../masks.js';
import { printable } from '../printable.js';
import { Secret } from '../secret.js';
import type { Consumer, FoundFile } from './consumer.js';
import { filesNamed, REQUIREMENTS_FILES, refuseUrlPasswords } from './python-passwords.js';

const FILES = ['pyproject.toml', 'uv.toml', ...REQUIREMENTS_FILES];
/** A line of ours; it names the organization at its own host. */
const OURS = new RegExp(
  `^machine (?:pkgs\\.dev\\.azure\\.com|([a-z0-9-]+)\\.pkgs\\.visualstudio\\.com) login ${GIT_USER_NAME} password \\S+$`,
);

export const uv: Consumer = {
  name: 'uv',
  needs: [
    { kind: 'user-file', name: 'netrc', variable: 'NETRC', path: '.netrc' },
    { kind: 'workspace-files', names: FILES },
  ],

  plan({ organization, secret }, facts) {
    refuseUrlPasswords(organization, filesNamed(FILES, facts));
    const hosts = [PACKAGES_HOST, ownHost(organization.name)];
    const entries = hosts.map(
      (host) => `machine ${host} login ${GIT_USER_NAME} password ${secret.reveal()}\n`,
    );
    // Ours come first: what follows a "default" entry of the user's is not read.
    const content = entries.join('') + existingEntries(facts.userFiles.netrc, organization);
    const path = join(facts.folder, 'netrc');
    return [
      emptiedAfterJob(organization.tokenVariable, secret),
      { kind: 'file', path, content: new Secret(content), isProgram: false },
      restoredAfterJob('NETRC', path),
    ];
  },
};

function ownHost(organizationName: string): string {
  return `${organizationName}.pkgs.visualstudio.com`;
}

/**
 * The user's entries, without those of an earlier call, which the new token stands in for.
 * @throws PatlessError INPUT_INVALID when the earlier call was for another organization, or when an entry of the
 * user's is for a host of ours: a netrc file holds one entry for each host.
 */
function existingEntries(file: FoundFile | undefined, { name }: Organization): string {
  const lines = (file?.text ?? '').split('\n');
  for (const line of lines) {
    const earlier = OURS.exec(line)?.[1];
    if (earlier !== undefined && earlier !== name) throw secondOrganization(earlier, name);
  }
  const others = lines.filter((line) => !OURS.test(line)).join('\n');
  for (const host of [PACKAGES_HOST, ownHost(name)]) {
    const entry = new RegExp(`\\bmachine\\s+"?${host.replaceAll('.', '\\.')}(?=["\\s]|$)`, 'i').exec(others);
    if (entry !== null) {
      throw new PatlessError('INPUT_INVALID', `${printable(file?.path ?? '')} has an entry for ${host}.`, {
        hint: 'uv would use one of the two only. Remove that entry, or leave `uv` out of `configure`.',
      });
    }
  }
  return others;
}

function secondOrganization(first: string, second: string): PatlessError {
  return new PatlessError(
    'INPUT_INVALID',
    `uv is set up for ${first} in this job; it cannot tell ${second} from it.`,
    {
      hint:
        `The token for ${first} goes to every organization at ${PACKAGES_HOST}, and serves ${second} too where its ` +
        'identity is a member of both: leave `uv` out of this step. Else use two jobs.',
    },
  );
}
