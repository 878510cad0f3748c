// One executable file that starts a sub-command of ours: for tools that take a path, and no arguments with it.
import { join } from 'node:path';
import type { Effect } from '../effects.js';
import type { Program } from '../program.js';
import type { Facts } from './consumer.js';

export interface Started {
  /** The name of the file, and so of the program. */
  readonly name: string;
  /** The sub-command that it starts; undefined when the caller gives it. */
  readonly command?: string;
}

type Where = Pick<Facts, 'folder' | 'program'>;
type FileEffect = Effect & { readonly kind: 'file' };

/** On Windows cmd.exe finds the one, and the shell that git brings the other. */
export function launchers(
  started: Started,
  where: Where,
  isWindows = process.platform === 'win32',
): FileEffect[] {
  return isWindows
    ? [launcher(started, where, true), launcher(started, where, false)]
    : [launcher(started, where, false)];
}

/** Holds no secret: the sub-command finds the token in the environment. */
export function launcher(
  { name, command = '' }: Started,
  { folder, program }: Where,
  isWindows = process.platform === 'win32',
): FileEffect {
  return {
    kind: 'file',
    path: join(folder, isWindows ? `${name}.cmd` : name),
    content: isWindows ? batchFile(program, command) : shellScript(program, command),
    isProgram: true,
  };
}

/** Elsewhere, as in a container of a later step, that Node may be missing: then the one on the PATH. */
function shellScript({ node, script }: Program, command: string): string {
  return `#!/bin/sh
node=${inShell(node)}
test -x "$node" || node=node
exec "$node" ${[inShell(script), command, '"$@"'].filter(Boolean).join(' ')}
`;
}

function batchFile({ node, script }: Program, command: string): string {
  return [
    '@echo off',
    'setlocal DisableDelayedExpansion',
    `set "node=${inBatch(node)}"`,
    'if not exist "%node%" set "node=node"',
    [`"%node%" "${inBatch(script)}"`, command, '%*'].filter(Boolean).join(' '),
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
