// What may be asked about an identity's rights, what the answer can be, and how Azure DevOps is asked without changing anything.
import { PatlessError } from '../errors.js';
import type { HttpResponse } from '../http.js';
import { type JsonObject, jsonObject, textMember } from '../json.js';
import { printable } from '../printable.js';
import { retry, retryOf, STAGES } from '../retry.js';
import type { Session } from '../session.js';
import type { OrganizationToken } from './verify.js';

export type Access = 'read' | 'write';

export type Verdict =
  | { readonly result: 'allowed' }
  | {
      readonly result: 'missing';
      /** The permission or role, by its name in Azure DevOps. */
      readonly missing: string;
      /** What to do on the page to grant it. */
      readonly grant: string;
      readonly page: string;
    }
  | { readonly result: 'unknown'; readonly reason: string };

export const ALLOWED: Verdict = { result: 'allowed' };

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  /** The server's own words, fit to print. */
  readonly message: string;
}

/** @throws PatlessError NETWORK, ORGANIZATION_REFUSED for an answer of another kind than the server gives. */
export function ask(url: string, { secret }: OrganizationToken, session: Session): Promise<Answer> {
  return retry(STAGES.verification, session, async () => {
    const response = await session.send({
      method: 'GET',
      url,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${secret.reveal()}`,
        'x-tfs-fedauthredirect': 'Suppress',
      },
      timeoutSeconds: 20,
    });
    const body = [200, 403, 404].includes(response.status) ? jsonObject(response.body) : undefined;
    if (body === undefined) throw unusable(url, response, session);
    return { status: response.status, body, message: printable(textMember(body, 'message') ?? '') };
  });
}

function unusable(url: string, response: HttpResponse, session: Session): PatlessError {
  const { host } = new URL(url);
  const message = textMember(jsonObject(response.body), 'message') ?? '';
  return new PatlessError(
    'ORGANIZATION_REFUSED',
    `${host} answered ${response.status}. ${printable(message)}`.trim(),
    {
      hint: 'Check again in a few minutes; if it stays so, see whether a proxy answers in the place of Azure DevOps.',
      retry: retryOf(response, session.clock.now()),
    },
  );
}

/** What Azure DevOps says of a project that is not there, or not for this identity. */
export function isAboutProject({ message }: Answer): boolean {
  return /\b(?:TF200016|VS800075)\b/.test(message);
}

export function notInProject(organizationUrl: string, project: string): Verdict {
  return {
    result: 'missing',
    missing: 'membership in the project (or there is no such project)',
    grant: 'Project settings, Permissions: add the identity to a group, such as Readers or Contributors.',
    page: `${organizationUrl}/${encodeURIComponent(project)}/_settings/permissions`,
  };
}
