// Advice before it hurts: lines in the log of a run that succeeded.

import type { AccessToken } from './access-token.js';
import { describeSkew, isNotable } from './clock.js';
import { isPullRequest, lacksEnvironment } from './entra/subject.js';
import type { Claims } from './jwt.js';

const SHORT_LIFE_SECONDS = 5 * 60;

/**
 * @param now Milliseconds since 1970.
 * @param skewSeconds How far this machine's clock is ahead of the servers'.
 */
export function advice(token: AccessToken, claims: Claims, now: number, skewSeconds: number): string[] {
  const lifeSeconds = Math.floor((token.expiresOn.getTime() - now) / 1000);
  return [
    ...subjectAdvice(claims),
    ...(lifeSeconds < SHORT_LIFE_SECONDS
      ? [`Note: the token lives for ${lifeSeconds} more seconds only.`]
      : []),
    ...(isNotable(skewSeconds)
      ? [`Note: this machine's clock is ${describeSkew(skewSeconds)} of the servers'.`]
      : []),
  ];
}

function subjectAdvice(claims: Claims): string[] {
  if (isPullRequest(claims)) {
    return [
      'Note: every pull request of this repository has this subject, so whoever can open one from a branch gets this ' +
        'identity. Name an environment with required reviewers in the job, and give that subject the credential.',
    ];
  }
  if (!lacksEnvironment(claims)) return [];
  return [
    'Note: the subject names no environment. With `environment:` in the job and a credential for that subject, its ' +
      'protection rules decide who gets this identity.',
  ];
}
