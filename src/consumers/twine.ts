// twine, by the keyring that it asks for a repository's user name and password.

import type { Consumer } from './consumer.js';
import { KEYRING_NEEDS, keyringEffects } from './keyring-module.js';
import { filesNamed, refusePypircPasswords, refuseUrlPasswords } from './python-passwords.js';

const FILES = ['.pypirc'];

export const twine: Consumer = {
  name: 'twine',
  needs: [...KEYRING_NEEDS, { kind: 'workspace-files', names: FILES }],

  plan(token, facts) {
    const files = filesNamed(FILES, facts);
    refuseUrlPasswords(token.organization, files);
    refusePypircPasswords(token.organization, files);
    return keyringEffects(token, facts);
  },
};
