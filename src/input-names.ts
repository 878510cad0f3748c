// The names of the inputs, for those who need no more of them than that: what they mean says inputs.ts.

/** kebab-case, as in action.yml and the README; a test ties them together. */
export const INPUT_NAMES = [
  'client-id',
  'tenant-id',
  'organization',
  'configure',
  'export-env',
  'verify',
  'expected-object-id',
  'identity',
  'token-file',
  'managed-identity-client-id',
  'audience',
  'allow-fork-trigger',
  'timeout-seconds',
  'propagation-wait-seconds',
] as const;

export type InputName = (typeof INPUT_NAMES)[number];
