// The federated credential that an ID token asks for, as commands ready to paste. Nothing is computed: all is as presented.
import { textMember } from '../json.js';
import type { Claims } from '../jwt.js';
import { printable } from '../printable.js';
import type { Client } from './client.js';

/** What Entra compares, each part as the ID token has it. */
export interface Presented {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** Azure Pipelines' Entra-issued ID tokens carry this audience; their credential has the usual one all the same. */
const PIPELINES_AUDIENCE = 'fb60f99c-7a34-4190-8149-302f77469936';
const USUAL_AUDIENCE = 'api://AzureADTokenExchange';

export function presentedBy(claims: Claims): Presented {
  const claim = (name: string) => textMember(claims, name) ?? '';
  return { issuer: claim('iss'), subject: claim('sub'), audience: claim('aud') };
}

/**
 * For an app registration and for a user-assigned identity; which of the two the client is, only Entra knows.
 * @returns undefined when a part could not be printed as it is: a changed one would not match.
 */
export function credentialCommands(
  { issuer, subject, audience }: Presented,
  client: Client,
): string | undefined {
  const parts = [issuer, subject, audience];
  if (parts.some((part) => part === '' || printable(part) !== part)) return undefined;
  const name = nameFor(subject);
  const audiences = [audience === PIPELINES_AUDIENCE ? USUAL_AUDIENCE : audience];
  const parameters = JSON.stringify({ name, issuer, subject, audiences });
  return [
    'For an app registration (in bash, such as Cloud Shell):',
    `  az ad app federated-credential create --id ${client.clientId} --parameters ${shellWord(parameters)}`,
    'For a user-assigned managed identity, with its name and resource group filled in:',
    `  az identity federated-credential create --identity-name NAME --resource-group GROUP --name ${name} ` +
      `--issuer ${shellWord(issuer)} --subject ${shellWord(subject)} --audiences ${shellWord(audiences.join())}`,
  ].join('\n');
}

/** Entra takes 3 to 120 characters that can stand in a URL. */
function nameFor(subject: string): string {
  return `patless-${subject.replace(/[^A-Za-z0-9]+/g, '-')}`.slice(0, 120).replace(/-+$/, '');
}

/** As one word of a POSIX shell. A branch name may hold quotes, dollars and backticks. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
