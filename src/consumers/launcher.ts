// One executable file that starts a sub-command of ours: for tools that take a path, and no arguments with it.
import { join } from 'node:path';
import type { Effect } from '../effects.js';
import type { Program } from '../program.js';
import type { Facts } from './consumer.js';

/** Holds no secret: the sub-command finds the token in the environment. */
export function launcher(
  command: string,
  { folder, program }: Pick<Facts, 'folder' | 'program'>,
  isWindows = process.platform === 'win32',
): Effect & { readonly kind: 'file' } {
  return {
    kind: 'file',
    path: join(folder, isWindows ? `${command}.cmd` : command),
    content: isWindows ? batchFile(program, command) : shellScript(program, command),
    isProgram: true,
  };
}

/** Elsewhere, as in a container of a later step, that Node may be missing: then the one on the PATH. */
function shellScript({ node, script }: Program, command: string): string {
  return `#!/bin/sh
node=${inShell(node)}
test -x "$node" || node=node
exec "$node" ${inShell(script)} ${command} "$@"
`;
}

function batchFile({ node, script }: Program, command: string): string {
  return [
    '@echo off',
    'setlocal DisableDelayedExpansion',
    `set "node=${inBatch(node)}"`,
    'if not exist "%node%" set "node=node"',
    `"%node%" "${inBatch(script)}" ${command} %*`,
    '',
  ].join('\r\n');
}

function inShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Quotes cannot be part of a path on Windows. */
function inBatch(text: string): string {
  return text.replaceAll('%', '%%');
}
