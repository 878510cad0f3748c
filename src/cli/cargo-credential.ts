// Cargo's credential provider: the token of the organization whose feed Cargo reads or publishes to, and of no other.
import { parseArgs } from 'node:util';
import { organizationOfFeed } from '../azure-devops/feed-address.js';
import type { Organization } from '../azure-devops/organization.js';
import { at, type JsonObject, jsonObject, textMember } from '../json.js';
import { report } from '../report.js';
import { type Command, DONE } from './command.js';
import { earlierSignIn } from './earlier-sign-in.js';
import { FOR_TOOLS, freshToken } from './fresh-token.js';
import { asHelper, type Terminal } from './terminal.js';

// The Cargo book, "Credential Provider Protocol": lines of JSON; the provider speaks first.
const HELLO = { v: [1] };
const OPERATIONS = ['read', 'publish', 'yank', 'owners'];

type ErrorKind = 'url-not-supported' | 'not-found' | 'operation-not-supported' | 'other';

export const cargoCredential: Command = {
  help: `
Usage: patless cargo-credential --cargo-plugin

Cargo starts this as a credential provider and speaks JSON with it. \`configure: cargo\` sets it up.
`,

  async run(args, terminal) {
    parseArgs({ args: [...args], options: { 'cargo-plugin': { type: 'boolean' } } });
    const answer = (message: object) => terminal.write(`${JSON.stringify(message)}\n`);
    answer(HELLO);
    for await (const line of terminal.lines) answer(await answerTo(jsonObject(line), terminal));
    return DONE;
  },
};

async function answerTo(request: JsonObject | undefined, terminal: Terminal): Promise<object> {
  if (request?.v !== 1) return failure('other', 'patless speaks version 1 of the protocol only.');
  const organization = organizationOfIndex(at(request, ['registry', 'index-url']));
  // Cargo then asks the providers that the user has configured beside this one.
  if (organization === undefined) return failure('url-not-supported');
  if (request.kind !== 'get' || !OPERATIONS.includes(textMember(request, 'operation') ?? '')) {
    return failure('operation-not-supported', 'patless gives tokens for the job alone; it stores none.');
  }
  try {
    const token = await tokenFor(organization, terminal);
    if (!token) return failure('not-found', `${organization.tokenVariable} is not set.`);
    return {
      Ok: { kind: 'get', token: `Bearer ${token}`, cache: 'session', operation_independent: true },
    };
  } catch (error) {
    return failure('other', report(error).message);
  }
}

/** Where the folder of the run cannot be reached, the job's token is all there is. */
async function tokenFor(organization: Organization, terminal: Terminal): Promise<string | undefined> {
  if (earlierSignIn(terminal.environment, organization) === undefined) {
    return terminal.environment[organization.tokenVariable];
  }
  return (await freshToken({ organization, options: {}, ...FOR_TOOLS }, asHelper(terminal))).secret.reveal();
}

function organizationOfIndex(index: unknown) {
  const sparse = /^sparse\+(.*)$/.exec(typeof index === 'string' ? index : '')?.[1];
  return sparse === undefined ? undefined : organizationOfFeed(sparse);
}

function failure(kind: ErrorKind, message?: string): object {
  return { Err: message === undefined ? { kind } : { kind, message } };
}
