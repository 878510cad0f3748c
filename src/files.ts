// Files of this run: in a folder of their own below the host's temp folder, readable by nobody else.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { PatlessError } from './errors.js';
import { printable } from './printable.js';

/** A name that nobody can foresee, so that nobody can put a link in its place. */
export function folderFor(temp: string, id: string): string {
  return join(temp, `patless-${id}`);
}

/** True for a path that `folderFor` makes: what clean-up may remove. */
export function isOurFolder(folder: string, temp: string): boolean {
  return /^patless-[0-9a-f-]{36}$/.test(basename(folder)) && dirname(folder) === join(temp, '.');
}

/** True for a file with a plain name in such a folder. */
export function isOurs(path: string, temp: string): boolean {
  return isOurFolder(dirname(path), temp) && /^[A-Za-z0-9][\w.-]*$/.test(basename(path));
}

export interface NewFile {
  readonly content: string;
  /** Makes it executable. */
  readonly isProgram?: boolean;
  /** The time of its last change, as others shall see it. */
  readonly modified?: Date | undefined;
}

/** @throws PatlessError HOST_UNUSABLE, also when anything is there already, a link too. */
export function writeNew(path: string, { content, isProgram = false, modified }: NewFile): void {
  try {
    // Not recursive: the host's folder is there, or nothing can be written.
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { mode: 0o700 });
    writeFileSync(path, content, { flag: 'wx', mode: isProgram ? 0o700 : 0o600 });
    if (modified !== undefined) utimesSync(path, modified, modified);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Whoever reads the file finds the old content or the new, whole. @throws PatlessError HOST_UNUSABLE */
export function replace(path: string, file: NewFile): void {
  const beside = `${path}.${randomUUID()}`;
  try {
    writeNew(beside, file);
    renameSync(beside, path);
  } catch (cause) {
    throw cause instanceof PatlessError ? cause : unwritable(path, cause);
  } finally {
    remove(beside);
  }
}

/** A file, or a folder with everything in it. What is not there is no error. */
export function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function unwritable(path: string, cause: unknown): PatlessError {
  return new PatlessError('HOST_UNUSABLE', `Cannot write to ${printable(dirname(path))}.`, {
    hint: "The host's folder for temporary files (RUNNER_TEMP, Agent.TempDirectory) has to be there, and this user has to be able to write to it.",
    cause,
  });
}
