// Turns an error answer of Microsoft Entra into cause and cure, a row per AADSTS number.
import { PatlessError, type Retry, type RetryClass, TRANSIENT } from '../errors.js';
import type { HttpResponse } from '../http.js';
import { type JsonObject, jsonObject, textMember } from '../json.js';
import type { Claims } from '../jwt.js';
import { printable } from '../printable.js';
import { retryOf } from '../retry.js';
import type { Client } from './client.js';

const MATCH_CREDENTIAL =
  'Make a federated credential on the app registration or managed identity with exactly the issuer, subject ' +
  'and audience shown here (letter case and trailing slashes count).';

/** Source: Microsoft Entra documentation, "Microsoft Entra authentication and authorization error codes". */
const HINTS: Readonly<Record<string, string>> = {
  70021: MATCH_CREDENTIAL,
  70025: `This application has no federated credential. ${MATCH_CREDENTIAL}`,
  700211: MATCH_CREDENTIAL,
  700212: MATCH_CREDENTIAL,
  700213: MATCH_CREDENTIAL,
  7002138: MATCH_CREDENTIAL,
  700016:
    '`client-id` is not known in this tenant: give the application (client) ID, not an object ID, and check `tenant-id`.',
  7000229:
    'The application has no service principal in this tenant: run `az ad sp create --id` with its client ID.',
  7000112: 'The application is disabled: enable sign-in on its enterprise application.',
  700024: 'The ID token was not valid at this time: check the clock of a self-hosted runner.',
  700027:
    'Entra could not check the signature of the ID token: run the job again; check the issuer if it repeats.',
  90002: '`tenant-id` names no tenant: give the directory (tenant) ID of the organization.',
  900023: '`tenant-id` names no tenant: give the directory (tenant) ID of the organization.',
  53003:
    'A Conditional Access policy blocks this identity: ask who runs Microsoft Entra to allow this runner.',
};

const OTHER_HINT = 'Look the code up at https://login.microsoftonline.com/error or in the Entra sign-in log.';

/** OAuth 2.0 codes that say "try again" (RFC 6749, 4.1.2.1). */
const TRANSIENT_ERRORS = new Set(['temporarily_unavailable', 'server_error']);

/** AADSTS numbers worth another try; all others are permanent, 700211, 700212 and 7002138 among them. */
const RETRY_CLASSES: Readonly<Record<number, RetryClass>> = {
  ...Object.fromEntries(
    [90006, 90012, 90024, 90033, 90055, 90061, 50033, 50166].map((code) => [code, 'transient' as const]),
  ),
  70021: 'propagation',
  70025: 'propagation',
  700213: 'propagation',
  700016: 'new-setup',
  7000229: 'new-setup',
  700024: 'stale-assertion',
};

/** @param response Entra's answer; undefined when MSAL failed before it asked. */
export function refusal(
  response: HttpResponse | undefined,
  client: Client,
  presented: Claims,
  cause: unknown,
  now: number,
): PatlessError {
  const body = jsonObject(response?.body ?? '');
  if (response === undefined || body === undefined) {
    return new PatlessError('UNEXPECTED', 'MSAL failed before it asked Microsoft Entra.', {
      hint: 'Please report this to the patless project.',
      cause,
    });
  }
  const codes = errorCodes(body);
  const description = withoutTrailer(
    textMember(body, 'error_description') ?? textMember(body, 'error') ?? 'no reason',
  );
  const hint = codes.map((code) => HINTS[code]).find((row) => row !== undefined) ?? OTHER_HINT;
  const retry = retryOf(response, now) ?? retryOfRefusal(textMember(body, 'error') ?? '', codes);
  return new PatlessError(
    'ENTRA_REFUSED',
    `Microsoft Entra refused the exchange: ${printable(description)}`,
    {
      hint,
      cause,
      references: [...shown(presented, client), ...traces(body)],
      retry,
    },
  );
}

function retryOfRefusal(error: string, codes: readonly number[]): Retry | undefined {
  const kind = codes.map((code) => RETRY_CLASSES[code]).find((row) => row !== undefined);
  if (kind !== undefined) return { class: kind };
  return TRANSIENT_ERRORS.has(error) ? TRANSIENT : undefined;
}

function errorCodes(body: JsonObject): number[] {
  const list = Array.isArray(body.error_codes) ? (body.error_codes as unknown[]) : [];
  return list.filter((code): code is number => typeof code === 'number');
}

/** Trace ID, correlation ID and time stand at the end of the text too; they get lines of their own. */
function withoutTrailer(description: string): string {
  return description.split(/\s+Trace ID:/)[0] ?? description;
}

/** What was presented, decoded from the ID token and never computed. */
function shown(claims: Claims, client: Client): string[] {
  const lines = { issuer: 'iss', subject: 'sub', audience: 'aud', job_workflow_ref: 'job_workflow_ref' };
  return [
    ...Object.entries(lines).flatMap(([label, claim]) => {
      const value = textMember(claims, claim);
      return value === undefined ? [] : [`presented ${label}: ${printable(value)}`];
    }),
    `client ID: ${client.clientId}, tenant: ${client.tenantId}`,
  ];
}

function traces(body: JsonObject): string[] {
  const lines = { 'Trace ID': 'trace_id', 'Correlation ID': 'correlation_id', Time: 'timestamp' };
  return Object.entries(lines).flatMap(([label, member]) => {
    const value = textMember(body, member);
    return value === undefined ? [] : [`${label}: ${printable(value)}`];
  });
}
