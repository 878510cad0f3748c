// Prints an access token, for tools and scripts that ask when they need one.
import { checkedIdentity } from '../entra/token-identity.js';
import { PatlessError } from '../errors.js';
import { timeOf } from '../outcome.js';
import { printable } from '../printable.js';
import { LEAST_VALIDITY_SECONDS } from '../renewal.js';
import { type Command, DONE } from './command.js';
import { freshToken, type Token } from './fresh-token.js';
import { optionsFrom, organizationIn, SIGN_IN_HELP, SIGN_IN_OPTIONS } from './sign-in-options.js';

const JSON_FLAG = '--json';
const MOST_VALIDITY_SECONDS = 3600;

export const token: Command = {
  help: `
Usage: patless token [--organization NAME] [--min-validity SECONDS] [--json] [SIGN-IN OPTIONS]

Prints one line, an access token to Azure DevOps, and nothing else. A token that the job has already is printed again
while it lasts; a new one is fetched when less than --min-validity seconds are left (${LEAST_VALIDITY_SECONDS} unless given, at most
${MOST_VALIDITY_SECONDS}), and later calls of the same job get that one. In GitHub Actions and Azure Pipelines the token is masked first,
by lines on standard error: do not send that to a file.

  --json   prints an object in its place: token, expires-on, expires-in, tenant-id, object-id, token-id, which mean
           what the action's outputs of these names mean

${SIGN_IN_HELP}

Exit codes: 0 the token was printed; 1 there is none, and standard error says why; 2 wrong options.

For curl, with the token in none of its arguments:

  { printf 'Authorization: Bearer ' && patless token --organization contoso; } |
    curl --header @- 'https://dev.azure.com/contoso/_apis/projects?api-version=7.1'
`,

  async run(args, terminal) {
    const { 'min-validity': validity = '', ...options } = optionsFrom(
      args.filter((argument) => argument !== JSON_FLAG),
      ['min-validity', ...SIGN_IN_OPTIONS],
    );
    const need = {
      organization: organizationIn(options),
      options,
      leastSeconds: validity === '' ? LEAST_VALIDITY_SECONDS : checkedSeconds(validity),
      orJustMinted: false,
    };
    const found = await freshToken(need, terminal);
    const isJson = args.includes(JSON_FLAG);
    terminal.write(
      `${isJson ? JSON.stringify(described(found, terminal.clock.now())) : found.secret.reveal()}\n`,
    );
    return DONE;
  },
};

function checkedSeconds(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= MOST_VALIDITY_SECONDS) return seconds;
  throw new PatlessError('INPUT_INVALID', `--min-validity takes no ${printable(text)}.`, {
    hint: `Give a whole number of seconds, from 0 to ${MOST_VALIDITY_SECONDS}: tokens live about an hour.`,
  });
}

function described({ secret, expiresOn }: Token, now: number): Record<string, string> {
  const { tenantId, objectId, tokenId } = checkedIdentity(secret, {});
  return {
    token: secret.reveal(),
    'expires-on': timeOf(expiresOn),
    'expires-in': String(Math.floor((expiresOn.getTime() - now) / 1000)),
    'tenant-id': tenantId,
    'object-id': objectId,
    'token-id': tokenId,
  };
}
