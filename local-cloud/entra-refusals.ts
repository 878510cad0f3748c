// The refusals of Microsoft Entra, with the texts that it answers with.
import { randomUUID } from 'node:crypto';
import { json, type PlayedResponse } from './http.js';

const FEDERATION_HELP = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
const NO_MATCH = 'No matching federated identity record found for presented assertion';
const CHECK = `Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${FEDERATION_HELP}`;
const NO_TOKEN = `'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.`;

export interface PlayedRefusal {
  readonly status: number;
  readonly error: string;
  readonly text: (...details: string[]) => string;
  /** Further members of the answer. */
  readonly more?: Readonly<Record<string, unknown>>;
}

const row = (
  status: number,
  error: string,
  text: (...details: string[]) => string,
  more: PlayedRefusal['more'] = {},
): PlayedRefusal => ({ status, error, text, more });

export const PLAYED_REFUSALS: Readonly<Record<number, PlayedRefusal>> = {
  // Those marked "list" stand in Microsoft's list of codes; the others have been reported from answers.
  50013: row(400, 'invalid_grant', () => 'Assertion failed signature validation.'), // list
  500133: row(400, 'invalid_grant', () => 'Assertion is not within its valid time range.'), // list
  50020: row(
    400,
    'invalid_grant',
    (user, provider, tenant, app) =>
      `User account '${user}' from identity provider '${provider}' does not exist in tenant '${tenant}' and cannot access the application '${app}' in that tenant.`,
  ), // list
  50053: row(
    400,
    'invalid_grant',
    () =>
      "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
  ), // list
  50173: row(
    400,
    'invalid_grant',
    () => 'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
  ), // list
  70011: row(400, 'invalid_scope', () => "The provided value for the input parameter 'scope' is not valid."), // list
  90033: row(503, 'temporarily_unavailable', () => 'A transient error has occurred. Please try again.'), // list
  900382: row(400, 'invalid_request', () => 'Confidential Client is not supported in Cross Cloud request.'), // list
  700025: row(
    401,
    'invalid_client',
    () => "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  ), // list
  7000218: row(
    401,
    'invalid_client',
    () => "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ), // list
  50027: row(400, 'invalid_request', () => 'JWT token is invalid or malformed.'),
  5002727: row(400, 'invalid_request', () => "Invalid JWT header type specified. Allowed types: 'JWT'."),
  50196: row(
    400,
    'invalid_grant',
    () => 'The server terminated an operation because it encountered a loop while processing a request.',
  ),
  53003: row(
    400,
    'invalid_grant',
    () =>
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    {
      suberror: 'message_only',
      claims:
        '{"access_token":{"capolids":{"essential":true,"values":["c0ffee00-1111-2222-3333-444444444444"]}}}',
    },
  ),
  70003: row(
    400,
    'unsupported_grant_type',
    (grant) => `The app requested an unsupported grant type '${grant}'.`,
  ),
  70021: row(
    400,
    'invalid_request',
    (iss, sub, aud) =>
      `${NO_MATCH}. Assertion Issuer: '${iss}'. Assertion Subject: '${sub}'. Assertion Audience: '${aud}'.`,
  ),
  70025: row(
    401,
    'invalid_client',
    (name, id) => `The client '${name}'(${id}) has no configured federated identity credentials.`,
  ),
  90002: row(
    400,
    'invalid_request',
    (name) =>
      `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  ),
  100007: row(
    400,
    'invalid_request',
    () =>
      'Microsoft Entra Regional ONLY supports auth either for MSIs OR for requests from MSAL using SN+I for 1P apps or 3P apps in Microsoft infrastructure tenants.',
  ),
  500011: row(
    400,
    'invalid_resource',
    (resource, tenant) =>
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
  ),
  700016: row(
    400,
    'unauthorized_client',
    (id, directory) =>
      `Application with identifier '${id}' was not found in the directory '${directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  ),
  700024: row(
    401,
    'invalid_client',
    (now, from, until) =>
      `Client assertion is not within its valid time range. Current time: ${now}, assertion valid from ${from}, expiry time of assertion ${until}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  ),
  700027: row(401, 'invalid_client', () => 'Client assertion failed signature validation.'),
  700211: row(401, 'invalid_client', (value) => `${NO_MATCH} issuer '${value}'. ${CHECK}`),
  700212: row(401, 'invalid_client', (value) => `${NO_MATCH} audience '${value}'. ${CHECK}`),
  700213: row(401, 'invalid_client', (value) => `${NO_MATCH} subject '${value}'. ${CHECK}`),
  900023: row(
    400,
    'invalid_request',
    (name) =>
      `Specified tenant identifier '${name}' is neither a valid DNS name, nor a valid external domain.`,
  ),
  1002012: row(
    400,
    'invalid_scope',
    (scope) =>
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  ),
  7000112: row(400, 'unauthorized_client', (id, name) => `Application '${id}'(${name}) is disabled.`),
  7000215: row(401, 'invalid_client', () => 'Invalid client secret provided.'),
  7000216: row(401, 'invalid_client', () => NO_TOKEN),
  7000229: row(
    401,
    'invalid_client',
    (id, tenant) =>
      `The client application ${id} is missing service principal in the tenant ${tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  ),
  7002137: row(
    401,
    'invalid_client',
    (subject) =>
      `${NO_MATCH} subject '${subject}'. Please make sure the federated identity credential Subject is '/eid1/c/pub/t/{tenantId}/a/…'`,
  ),
  7002138: row(
    401,
    'invalid_client',
    (value) =>
      `${NO_MATCH} subject '${value}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${CHECK}`,
  ),
};

export function refuse(code: number, details: readonly string[] = []): PlayedResponse {
  const refusal = PLAYED_REFUSALS[code];
  if (refusal === undefined) throw new Error(`no played refusal ${code}`);
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return json(refusal.status, {
    error: refusal.error,
    error_description: `AADSTS${code}: ${refusal.text(...details)} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...refusal.more,
  });
}
