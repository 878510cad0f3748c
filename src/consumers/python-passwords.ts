// Finds passwords that a Python project itself commits for our feeds: its tools would use them in place of the token.
import { basename } from 'node:path';
import type { Organization } from '../azure-devops/organization.js';
import { PatlessError } from '../errors.js';
import { printable } from '../printable.js';
import type { Facts, FoundFile } from './consumer.js';

/** Files from which pip and uv read the URLs of feeds. */
export const REQUIREMENTS_FILES = [
  'requirements.txt',
  'requirements-dev.txt',
  'requirements.in',
  'constraints.txt',
] as const;

/** Those of the workspace's files that this tool reads; others were found for other tools. */
export function filesNamed(names: readonly string[], { workspaceFiles }: Facts): FoundFile[] {
  return workspaceFiles.filter(({ path }) => names.includes(basename(path)));
}

/** @throws PatlessError INPUT_INVALID for a URL of this organization's feeds that holds a password. */
export function refuseUrlPasswords(organization: Organization, files: readonly FoundFile[]): void {
  const address = feedAddress(organization);
  for (const { path, text } of files) {
    for (const [index, line] of text.split('\n').entries()) {
      if (/^\s*[#;]/.test(line)) continue;
      const passwords = [...line.matchAll(address)].map(([, password = '']) => password);
      if (passwords.some((password) => password !== '' && !isPlaceholder(password))) {
        throw committed(path, index + 1, `a URL of ${organization.name} with a password in it`);
      }
    }
  }
}

/** @throws PatlessError INPUT_INVALID for a section of a .pypirc that has a password for this organization's feeds. */
export function refusePypircPasswords(organization: Organization, files: readonly FoundFile[]): void {
  const address = feedAddress(organization);
  for (const { path, text } of files) {
    let section: { isOurs: boolean; passwordLine: number } = { isOurs: false, passwordLine: 0 };
    for (const [index, line] of text.split('\n').entries()) {
      if (/^\[/.test(line)) section = { isOurs: false, passwordLine: 0 };
      const [, name = '', value = ''] = /^(repository|password)\s*[=:]\s*(\S+)/i.exec(line) ?? [];
      if (name.toLowerCase() === 'repository' && value.search(address) >= 0) section.isOurs = true;
      if (name.toLowerCase() === 'password') section.passwordLine = index + 1;
      if (section.isOurs && section.passwordLine > 0) {
        throw committed(path, section.passwordLine, `a password for a feed of ${organization.name}`);
      }
    }
  }
}

/** Group: the URL's password, if any. */
function feedAddress({ name }: Organization): RegExp {
  return new RegExp(
    `https?://(?:[^\\s/@:"']*(?::([^\\s/@"']*))?@)?` +
      `(?:pkgs\\.dev\\.azure\\.com(?::443)?/${name}(?=/|$)|${name}\\.pkgs\\.visualstudio\\.com(?=[/:]|$))`,
    'gi',
  );
}

/** pip and uv fill it in from a variable that the job sets, so it commits nothing. */
function isPlaceholder(password: string): boolean {
  return /^\$\{?\w+\}?$/.test(password);
}

function committed(path: string, line: number, what: string): PatlessError {
  return new PatlessError('INPUT_INVALID', `${printable(path)}, line ${line}, holds ${what}.`, {
    hint:
      'The tool would use that password in place of the token. Remove user and password there, ' +
      'and revoke the password: it is in the history of the repository.',
  });
}
