// Files of this run: in a folder of their own below the host's temp folder, readable by nobody else.
import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

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

/** @param isProgram Makes it executable. @throws when anything is there already, a link too. */
export function writeNew(path: string, content: string, isProgram: boolean): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { flag: 'wx', mode: isProgram ? 0o700 : 0o600 });
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
