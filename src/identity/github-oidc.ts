// GitHub's ID token for this job, from the runner's token service (GitHub docs: "OpenID Connect reference").
import { PatlessError, type Retry, TRANSIENT } from '../errors.js';
import type { Environment } from '../hosts/host.js';
import { type HttpResponse, isRedirect } from '../http.js';
import { jsonObject, textMember } from '../json.js';
import { type Claims, claimsOf } from '../jwt.js';
import { jwtForms } from '../masks.js';
import { printable } from '../printable.js';
import { retryOf } from '../retry.js';
import { Secret } from '../secret.js';
import type { Session } from '../session.js';
import type { IdentitySource } from './source.js';

const URL_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const BEARER_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';

const PERMISSION_HINT =
  'Give the job `permissions: id-token: write` (and `contents: read` for checkout). In a reusable workflow the ' +
  'calling job must grant it too. Pull requests from forks and, by default, Dependabot get no ID token.';

export function githubOidc(environment: Environment): IdentitySource {
  return {
    async obtain(audience, session) {
      const { url, bearer } = requestVariables(environment);
      url.searchParams.set('audience', audience);
      const response = await session.send({
        method: 'GET',
        url: url.href,
        headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
        timeoutSeconds: 15,
      });
      if (response.status !== 200) throw refusal(url, response, session);
      const token = new Secret(textMember(jsonObject(response.body), 'value') ?? '');
      await session.mask(jwtForms(token));
      return { token, claims: checkedClaims(token, audience, url) };
    },
  };
}

function requestVariables(environment: Environment): { url: URL; bearer: string } {
  const missing = [URL_VARIABLE, BEARER_VARIABLE].filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new PatlessError(
      'ID_TOKEN_UNAVAILABLE',
      `No ID token for this job: ${missing.join(' and ')} not set.`,
      {
        hint: whyNoToken(environment),
      },
    );
  }
  const url = environment[URL_VARIABLE] as string;
  if (!URL.canParse(url)) {
    throw new PatlessError('ID_TOKEN_UNAVAILABLE', `${URL_VARIABLE} is not a URL.`, {
      hint: 'The runner sets this variable; no step or workflow should.',
    });
  }
  return { url: new URL(url), bearer: environment[BEARER_VARIABLE] as string };
}

function whyNoToken(environment: Environment): string {
  if (environment.GITHUB_ACTIONS !== 'true') {
    return 'This does not look like a GitHub Actions job; patless needs the ID token that the runner gives to a job.';
  }
  if (environment.GITHUB_ACTOR === 'dependabot[bot]') {
    return `Dependabot set off this run, and its token is read-only by default. ${PERMISSION_HINT}`;
  }
  return PERMISSION_HINT;
}

function refusal(url: URL, response: HttpResponse, session: Session): PatlessError {
  const { status } = response;
  const redirect = isRedirect(response) ? ', a redirect, which is not followed' : '';
  return new PatlessError(
    'ID_TOKEN_REFUSED',
    `The ID token service ${url.host} answered ${status}${redirect}.`,
    {
      hint:
        status === 401 || status === 403
          ? PERMISSION_HINT
          : 'If this repeats, see https://www.githubstatus.com; on a self-hosted runner check its proxy.',
      retry: retryOf(response, session.clock.now()) ?? retryOfRefusal(response),
    },
  );
}

/** GitHub refuses while the job is not running in its books, which may take a moment after its start. */
function retryOfRefusal({ status, body }: HttpResponse): Retry | undefined {
  if (status === 403 && /\b(?:pending|delayed)\b/i.test(body)) return TRANSIENT;
  return [400, 401, 403, 404].includes(status) ? { class: 'job-state' } : undefined;
}

/** The token must be a JWT for the audience that was asked for, or Entra would refuse it less clearly. */
function checkedClaims(token: Secret, audience: string, url: URL): Claims {
  const claims = claimsOf(token.reveal());
  if (claims === undefined) {
    throw new PatlessError('ID_TOKEN_REFUSED', `The answer of ${url.host} holds no ID token.`, {
      hint: 'Something between the runner and GitHub answers in its place, for example a proxy; or GitHub has a fault.',
      retry: TRANSIENT,
    });
  }
  const given = textMember(claims, 'aud') ?? '';
  if (given !== audience) {
    throw new PatlessError(
      'ID_TOKEN_REFUSED',
      `The ID token is for audience "${printable(given)}", not "${printable(audience)}" as asked.`,
      { hint: 'Something between the runner and GitHub changes the request.' },
    );
  }
  return claims;
}
