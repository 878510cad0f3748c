// Files of this run: in a folder of their own below the host's temp folder, readable by nobody else.
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PatlessError } from './errors.js';
import { printable } from './printable.js';

/** A name that nobody can foresee, so that nobody can put a link in its place. */
export function folderFor(temp: string, id: string): string {
  return join(temp, `patless-${id}`);
}

/** True for a path that `folderFor` and a plain name make: what clean-up may remove. */
export function isOurs(path: string, temp: string): boolean {
  const folder = dirname(path);
  return (
    /^patless-[0-9a-f-]{36}$/.test(basename(folder)) &&
    dirname(folder) === join(temp, '.') &&
    /^[A-Za-z0-9][\w.-]*$/.test(basename(path))
  );
}

/** @param isProgram Makes it executable. @throws PatlessError HOST_UNUSABLE, also when anything is there already, a link too. */
export function writeNew(path: string, content: string, isProgram: boolean): void {
  try {
    // Not recursive: the host's folder is there, or nothing can be written.
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(path, content, { flag: 'wx', mode: isProgram ? 0o700 : 0o600 });
  } catch (cause) {
    throw new PatlessError('HOST_UNUSABLE', `Cannot write to ${printable(dirname(path))}.`, {
      hint: "The host's folder for temporary files (RUNNER_TEMP, Agent.TempDirectory) has to be there, and this user has to be able to write to it.",
      cause,
    });
  }
}

/** The file, and its folder when that was the last one in it. What is not there is no error. */
export function remove(path: string): void {
  rmSync(path, { force: true });
  try {
    if (readdirSync(dirname(path)).length === 0) rmdirSync(dirname(path));
  } catch {
    // The folder is gone, too.
  }
}
