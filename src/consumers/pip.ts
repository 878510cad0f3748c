// pip, by a keyring that answers for the organization's feeds: the project's own index URLs stay as they are.
import { restoredAfterJob } from '../effects.js';
import { PatlessError } from '../errors.js';
import type { Consumer } from './consumer.js';
import { KEYRING_NEEDS, keyringEffects } from './keyring-module.js';
import { filesNamed, REQUIREMENTS_FILES, refuseUrlPasswords } from './python-passwords.js';

const FILES = ['pip.conf', 'pip.ini', ...REQUIREMENTS_FILES];

export const pip: Consumer = {
  name: 'pip',
  needs: [
    ...KEYRING_NEEDS,
    { kind: 'environment', names: /^PIP_KEYRING_PROVIDER$/ },
    { kind: 'workspace-files', names: FILES },
  ],

  plan(token, facts) {
    if (facts.environment.PIP_KEYRING_PROVIDER === 'disabled') {
      throw new PatlessError('INPUT_INVALID', 'The variable PIP_KEYRING_PROVIDER is set to "disabled".', {
        hint: 'pip would never ask for the token. Unset it, or leave `pip` out of `configure`.',
      });
    }
    refuseUrlPasswords(token.organization, filesNamed(FILES, facts));
    return [
      ...keyringEffects(token, facts),
      // Without it, pip asks no keyring when it runs with --no-input.
      restoredAfterJob('PIP_KEYRING_PROVIDER', 'import'),
    ];
  },
};
