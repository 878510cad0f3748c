// GitHub's ID token for this job, from the runner's token service (GitHub docs: "OpenID Connect reference").
import { PatlessError, type RetryClass } from '../errors.js';
import type { Environment, Trigger } from '../hosts/host.js';
import { type HttpResponse, isRedirect } from '../http.js';
import { jsonObject, textMember } from '../json.js';
import type { Claims } from '../jwt.js';
import { printable } from '../printable.js';
import { retryOf } from '../retry.js';
import type { Session } from '../session.js';
import { assertionFrom } from './assertion.js';
import type { AssertionSource } from './source.js';

const URL_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_URL';
const BEARER_VARIABLE = 'ACTIONS_ID_TOKEN_REQUEST_TOKEN';

const PERMISSION =
  'Give the job `permissions: id-token: write` (and `contents: read` for checkout, since naming one permission takes ' +
  'the others away). When this is a reusable workflow, the calling job must grant it too.';

/** @param trigger What set off the run; only messages use it. */
export function githubOidc(environment: Environment, trigger: Trigger): AssertionSource {
  return {
    kind: 'assertion',
    async obtain(audience, session) {
      const { url, bearer } = requestVariables(environment, trigger);
      url.searchParams.set('audience', audience);
      const response = await session.send({
        method: 'GET',
        url: url.href,
        headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
        timeoutSeconds: 15,
      });
      if (response.status !== 200) throw refusal(url, response, session);
      const idToken = textMember(jsonObject(response.body), 'value') ?? '';
      const assertion = await assertionFrom(idToken, url.host, session);
      refuseOtherAudience(assertion.claims, audience);
      return assertion;
    },
  };
}

function requestVariables(environment: Environment, trigger: Trigger): { url: URL; bearer: string } {
  const missing = [URL_VARIABLE, BEARER_VARIABLE].filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new PatlessError(
      'ID_TOKEN_UNAVAILABLE',
      `No ID token for this job: ${missing.join(' and ')} not set.`,
      {
        hint: whyNoToken(environment, trigger),
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

/** The variables are missing for one of these reasons. */
function whyNoToken(environment: Environment, trigger: Trigger): string {
  if (environment.GITHUB_ACTIONS !== 'true') {
    return 'This does not look like a GitHub Actions job; patless needs the ID token that the runner gives to a job.';
  }
  if (trigger.kind === 'powerless') {
    return (
      'A pull request from a fork set this off; GitHub gives it no ID token, for good reason. Leave such runs out: ' +
      `\`${trigger.guard}\`.`
    );
  }
  if (environment.GITHUB_ACTOR === 'dependabot[bot]') {
    return (
      'Dependabot set this off, whose token is read-only unless the workflow says `permissions: id-token: write` itself. ' +
      "Say so, or leave its runs out: `if: github.actor != 'dependabot[bot]'`."
    );
  }
  return PERMISSION;
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
          ? PERMISSION
          : 'If this repeats, see https://www.githubstatus.com; on a self-hosted runner check its proxy.',
      retry: retryOf(response, session.clock.now(), classOf(response)),
    },
  );
}

/** GitHub refuses while the job is not running in its books, which may take a moment after its start. */
function classOf({ status, body }: HttpResponse): RetryClass | undefined {
  if (status === 403 && /\b(?:pending|delayed)\b/i.test(body)) return 'transient';
  return [400, 401, 403, 404].includes(status) ? 'job-state' : undefined;
}

/** Entra would refuse a token for another audience too, but less clearly. */
function refuseOtherAudience(claims: Claims, audience: string): void {
  const given = textMember(claims, 'aud') ?? '';
  if (given === audience) return;
  throw new PatlessError(
    'ID_TOKEN_REFUSED',
    `The ID token is for audience "${printable(given)}", not "${printable(audience)}" as asked.`,
    { hint: 'Something between the runner and GitHub changes the request.' },
  );
}
