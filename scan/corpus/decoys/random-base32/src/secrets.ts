// Not tokens: seeds of one-time passwords and onion addresses have this alphabet, too.
export const seed = '{{PAT52}}';
export const onion = '{{PAT52}}.onion';
export const sharedSecret = '{{PAT52}}';
