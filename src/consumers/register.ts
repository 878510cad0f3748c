// Every tool that `configure` knows: one line each, by which it is loaded when it is asked for.
import type { Consumer } from './consumer.js';

export interface Tool {
  /** As `configure` names it. */
  readonly name: string;
  load(): Promise<Consumer>;
}

export const tools: readonly Tool[] = [
  { name: 'git', load: async () => (await import('./git.js')).git },
  { name: 'pip', load: async () => (await import('./pip.js')).pip },
  { name: 'uv', load: async () => (await import('./uv.js')).uv },
  { name: 'twine', load: async () => (await import('./twine.js')).twine },
  { name: 'az-devops', load: async () => (await import('./az-devops.js')).azDevops },
  { name: 'terraform', load: async () => (await import('./terraform.js')).terraform },
];
