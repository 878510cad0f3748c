// The federated credential that an ID token asks for, as commands ready to paste. Nothing is computed: all is as presented.
import { createHash } from 'node:crypto';
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
export const USUAL_AUDIENCE = 'api://AzureADTokenExchange';
/** Microsoft, "Important considerations and restrictions for federated identity credentials". */
const LONGEST_PART = 600;

export function presentedBy(claims: Claims): Presented {
  // An audience may stand in a list (RFC 7519, 4.1.3), as in every token of Kubernetes.
  const [audience] = [claims.aud].flat();
  const claim = (name: string) => textMember({ ...claims, aud: audience }, name) ?? '';
  return { issuer: claim('iss'), subject: claim('sub'), audience: claim('aud') };
}

/**
 * Lines that make the credential, for an app registration and for a user-assigned identity; which of the two the
 * client is, only Entra knows. Where no command can be given, they say why.
 */
export function createCommands(presented: Presented, client: Client): string[] {
  return commandsFor(presented, (parts) => {
    const name = nameFor(parts);
    const identityCommand =
      `  az identity federated-credential create --identity-name NAME --resource-group GROUP --name ${name} ` +
      `--issuer ${shellWord(parts.issuer)} --subject ${shellWord(parts.subject)} --audiences ${shellWord(parts.audience)}`;
    return [
      'For an app registration (in bash, such as Cloud Shell):',
      `  az ad app federated-credential create --id ${client.clientId} --parameters ${parameters({ name, ...parts })}`,
      ...(printable(identityCommand.trim()) === identityCommand.trim()
        ? [
            'For a user-assigned managed identity, with its name and resource group filled in:',
            identityCommand,
          ]
        : []),
    ];
  });
}

/** For a credential that has the right issuer and subject: a second one with the same two would be refused. */
export function updateCommands(presented: Presented, { clientId }: Client): string[] {
  return commandsFor(presented, (parts) => [
    'Find the name of the credential with this subject, and change its audience (in bash, such as Cloud Shell):',
    `  az ad app federated-credential list --id ${clientId} --query '[].[name,subject]' --output table`,
    `  az ad app federated-credential update --id ${clientId} --federated-credential-id CREDENTIAL_NAME --parameters ${parameters(parts)}`,
  ]);
}

function commandsFor(presented: Presented, commands: (parts: Presented) => string[]): string[] {
  const parts = withUsualAudience(presented);
  const problem = problemWith(Object.values(parts));
  return problem === undefined ? commands(parts) : [problem];
}

/** Whether a credential for it has the usual audience. */
export function hasUsualAudience(presented: Presented): boolean {
  return withUsualAudience(presented).audience === USUAL_AUDIENCE;
}

function withUsualAudience({ issuer, subject, audience }: Presented): Presented {
  return { issuer, subject, audience: audience === PIPELINES_AUDIENCE ? USUAL_AUDIENCE : audience };
}

/** A part that had to be changed to be printed would not match. */
function problemWith(parts: readonly string[]): string | undefined {
  if (parts.some((part) => part.length > LONGEST_PART)) {
    return (
      `A federated credential takes ${LONGEST_PART} characters at most for each part: name an \`environment:\` in the ` +
      'job, or use a simpler subject template.'
    );
  }
  const isPrintable = (part: string) =>
    part !== '' && printable(escapedForLogs(part)) === escapedForLogs(part);
  if (parts.every(isPrintable)) return undefined;
  return 'The values hold characters that cannot be shown, so there is no command to paste: name an `environment:` in the job.';
}

function parameters({ audience, ...rest }: Presented & { readonly name?: string }): string {
  return shellWord(escapedForLogs(JSON.stringify({ ...rest, audiences: [audience] })));
}

/** Two colons or hashes could begin a workflow command; in JSON the second can be written as its code. */
function escapedForLogs(json: string): string {
  return json.replace(/##/g, '#\\u0023').replace(/::/g, ':\\u003a');
}

/** Entra takes 3 to 120 characters that can stand in a URL, once in an application: the end tells like ones apart. */
function nameFor({ issuer, subject, audience }: Presented): string {
  const hash = createHash('sha256').update([issuer, subject, audience].join('\n')).digest('hex').slice(0, 8);
  return `patless-${subject.replace(/[^A-Za-z0-9]+/g, '-')}`.slice(0, 110).replace(/-*$/, `-${hash}`);
}

/** As one word of a POSIX shell. A branch name may hold quotes, dollars and backticks. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
