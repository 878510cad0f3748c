import { expect, test } from '@jest/globals';
import { gather } from '../src/surroundings.js';

test('a consumer sees the variables it asked for, and no others', () => {
  const environment = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: undefined, SECRET: 'x' };
  expect(gather([{ kind: 'environment', names: /^GIT_CONFIG_/ }], environment)).toEqual({
    environment: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: '' },
  });
  expect(gather([], environment)).toEqual({ environment: {} });
});
