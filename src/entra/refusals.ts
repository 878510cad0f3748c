// Turns an error answer of Microsoft Entra into what happened, what was presented and what to do.
import { describeSkew, isNotable } from '../clock.js';
import { PatlessError, type RetryClass } from '../errors.js';
import type { HttpResponse } from '../http.js';
import { isObject, type JsonObject, jsonObject, textMember } from '../json.js';
import type { Claims } from '../jwt.js';
import { printable, printableLines } from '../printable.js';
import { retryOf } from '../retry.js';
import type { Session } from '../session.js';
import type { Client } from './client.js';
import {
  createCommands,
  hasUsualAudience,
  presentedBy,
  USUAL_AUDIENCE,
  updateCommands,
} from './federated-credential.js';
import { REFUSALS, type Row } from './refusal-table.js';
import { explainIssuer, explainSubject } from './subject.js';

/** OAuth 2.0 codes that say "try again" (RFC 6749, 4.1.2.1). */
const TRANSIENT_ERRORS = new Set(['temporarily_unavailable', 'server_error']);

/** @param response Entra's answer; undefined when MSAL failed before it asked. */
export function refusal(
  response: HttpResponse | undefined,
  client: Client,
  claims: Claims,
  cause: unknown,
  session: Session,
): PatlessError {
  const body = jsonObject(response?.body ?? '');
  if (response === undefined || body === undefined) {
    return new PatlessError('UNEXPECTED', 'MSAL failed before it asked Microsoft Entra.', {
      hint: 'Please report this to the patless project.',
      cause,
    });
  }
  const [code, row] = known(body) ?? [];
  const words = wordsOf(body);
  return new PatlessError(
    'ENTRA_REFUSED',
    row === undefined ? `Microsoft Entra refused the exchange: ${words}` : `AADSTS${code}: ${row.happened}`,
    {
      facts: [
        ...presentedLines(claims),
        `client ID: ${client.clientId}, tenant: ${client.tenantId}`,
        ...(row?.clock && isNotable(session.skewSeconds())
          ? [`this machine's clock: ${describeSkew(session.skewSeconds())}`]
          : []),
      ],
      hint: row === undefined ? lookUp(body) : cureOf(row, client, claims),
      cause,
      references: [
        ...(row === undefined ? [] : [`Microsoft Entra says: ${words}`]),
        ...policies(body),
        ...traces(body),
      ],
      retry: retryOf(response, session.clock.now(), classOf(row, textMember(body, 'error') ?? '')),
    },
  );
}

/** The first of the answer's codes that the table has. */
function known(body: JsonObject): [code: number, row: Row] | undefined {
  return errorCodes(body).flatMap((code): [number, Row][] => {
    const row = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
    return row === undefined ? [] : [[code, row]];
  })[0];
}

function errorCodes(body: JsonObject): number[] {
  const list = Array.isArray(body.error_codes) ? (body.error_codes as unknown[]) : [];
  const inText = /^AADSTS(\d{5,8}):/.exec(textMember(body, 'error_description') ?? '')?.[1];
  return [
    ...list.filter((code): code is number => typeof code === 'number'),
    ...(inText ? [Number(inText)] : []),
  ];
}

/** Trace ID, correlation ID and time stand at the end of the text too; they get lines of their own. */
function wordsOf(body: JsonObject): string {
  const text = textMember(body, 'error_description') ?? textMember(body, 'error') ?? 'no reason';
  const end = text.indexOf('Trace ID:');
  return printable(end < 0 ? text : text.slice(0, end));
}

function lookUp(body: JsonObject): string {
  const [code] = errorCodes(body);
  const page = 'https://login.microsoftonline.com/error';
  return `Look it up at ${page}${code === undefined ? '' : `?code=${code}`} or in the Entra sign-in log.`;
}

function cureOf({ cure, command, credential }: Row, client: Client, claims: Claims): string {
  const lines = [cure, ...(command === undefined ? [] : [`  ${command}`])].map((line) =>
    line.replaceAll('{client-id}', client.clientId).replaceAll('{tenant-id}', client.tenantId),
  );
  return [...lines, ...(credential === undefined ? [] : credentialLines(credential, client, claims))].join(
    '\n',
  );
}

/** GitHub's, the server edition's too: told the audience by our input. Other tokens have one that somebody else has chosen. */
const ISSUERS_THAT_ASK = /^https:\/\/token\.actions\.|\/_services\/token/;

function credentialLines(part: NonNullable<Row['credential']>, client: Client, claims: Claims): string[] {
  const presented = presentedBy(claims);
  if (part === 'audience') {
    if (hasUsualAudience(presented)) return updateCommands(presented, client);
    return ISSUERS_THAT_ASK.test(presented.issuer)
      ? [
          `Leave the input \`audience\` out: federated credentials have ${USUAL_AUDIENCE}, unless you made one otherwise.`,
        ]
      : [
          `Let the ID token have the audience ${USUAL_AUDIENCE}, where the CI system lets you choose. Where not:`,
          ...updateCommands(presented, client),
        ];
  }
  const explained = { issuer: explainIssuer, subject: explainSubject, all: () => [] }[part](claims);
  return [...explained.map(printable), ...createCommands(presented, client)];
}

function classOf(row: Row | undefined, error: string): RetryClass | undefined {
  return row?.retry ?? (TRANSIENT_ERRORS.has(error) ? 'transient' : undefined);
}

/** Decoded from the ID token and never computed. */
function presentedLines(claims: Claims): string[] {
  const lines = { ...presentedBy(claims), job_workflow_ref: textMember(claims, 'job_workflow_ref') };
  return Object.entries(lines).flatMap(([label, value]) => {
    if (!value) return [];
    const shown = printable(value);
    return [
      `presented ${label}: ${shown}${shown === value ? '' : ' (shown changed, to be harmless in a log)'}`,
    ];
  });
}

/** Conditional Access names its policies in `claims`, JSON inside JSON: access_token.capolids.values. */
function policies(body: JsonObject): string[] {
  const accessToken = jsonObject(textMember(body, 'claims') ?? '')?.access_token;
  const capolids = isObject(accessToken) ? accessToken.capolids : undefined;
  const values = isObject(capolids) && Array.isArray(capolids.values) ? (capolids.values as unknown[]) : [];
  const ids = values.filter((value): value is string => typeof value === 'string');
  return ids.length === 0 ? [] : [`Conditional Access policies: ${printable(ids.join(', '))}`];
}

function traces(body: JsonObject): string[] {
  const member = (name: string) => textMember(body, name);
  return printableLines({
    'Trace ID': member('trace_id'),
    'Correlation ID': member('correlation_id'),
    Time: member('timestamp'),
  });
}
