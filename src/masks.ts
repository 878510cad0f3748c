// The forms in which a secret can turn up in a log; each is registered with the host's masker.
import { Secret } from './secret.js';

export const GIT_USER_NAME = 'patless';

/** User names that patless or its documentation pairs with the token in HTTP Basic; masked whole, so that nothing is left over. */
const BASIC_USER_NAMES = [GIT_USER_NAME, ''];

/** Shorter values are never masked: they would black out half of the log. */
const SHORTEST_MASK = 6;

/**
 * An access token as such, its JWT signature alone (a wrapped or cut print still holds it), and what its Base64 has in
 * common whatever stands before it (`user:token` for any user), which the Azure Pipelines agent does not derive by itself.
 */
export function accessTokenForms(token: Secret): Secret[] {
  const forms = jwtForms(token);
  if (forms.length === 0) return [];
  const basic = BASIC_USER_NAMES.map((user) => new Secret(base64(`${user}:${token.reveal()}`)));
  return [...forms, ...basic, ...base64Forms(token)].filter(isMaskable);
}

/** Three bytes are four characters, so it depends on the length of the text before by its remainder only. */
function base64Forms(token: Secret): Secret[] {
  const bytes = Buffer.from(token.reveal(), 'utf8');
  return [0, 1, 2].map((start) => {
    const length = Math.floor((bytes.length - start) / 3) * 3;
    return new Secret(bytes.subarray(start, start + length).toString('base64'));
  });
}

/** A JWT as such and its signature alone. */
export function jwtForms(token: Secret): Secret[] {
  const signature = token.reveal().split('.')[2];
  return [token, new Secret(signature ?? '')].filter(isMaskable);
}

/** A host masks each line of a value by itself, so lines of one letter would black out the log; no token has any. */
export function isMaskable(secret: Secret): boolean {
  return secret.reveal().length >= SHORTEST_MASK && !/[\r\n]/.test(secret.reveal());
}

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
