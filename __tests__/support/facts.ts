// Facts for unit tests of consumers: nothing was found, unless told.
import type { Facts } from '../../src/consumers/consumer.js';

export function facts(found: Partial<Facts> = {}): Facts {
  return {
    environment: {},
    folder: '/temp/patless-00000000-0000-0000-0000-000000000000',
    program: { node: '/opt/node', script: '/opt/patless/cli/index.js' },
    userFiles: {},
    userPaths: new Set(),
    workspaceFiles: [],
    executables: new Set(),
    feeds: [],
    ...found,
  };
}
