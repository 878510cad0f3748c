// The command `patless` itself, on the PATH of later steps.
import type { Consumer } from './consumer.js';

/** The program, and how it signs in, are there for every tool: see renewal.ts. */
export const cli: Consumer = {
  name: 'cli',
  needs: [],
  plan: (_token, { folder }) => [{ kind: 'path', folder }],
};
