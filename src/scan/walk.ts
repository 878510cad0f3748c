// Every file below a path, one after the other, and what is not one: links, devices, folders that nobody may read.
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export type Walked =
  | { readonly kind: 'file'; readonly file: string; readonly path: string; readonly size: number }
  | { readonly kind: 'skipped'; readonly file: string; readonly path: string; readonly reason: string };

/** What tools fetch or keep for themselves. */
const NOT_WALKED = new Set(['node_modules', '.git', '.hg', '.svn']);

/** @param root A folder or a file. A link that the user names is followed; below it none is, it may lead in a circle. */
export function* walk(root: string): Generator<Walked> {
  const stats = statSync(root);
  const file = basename(root);
  if (stats.isDirectory()) yield* below(root, '');
  else if (stats.isFile()) yield entry(root, file, stats.size);
  else yield { kind: 'skipped', file, path: root, reason: 'no file' };
}

function* below(folder: string, prefix: string): Generator<Walked> {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    yield {
      kind: 'skipped',
      file: prefix === '' ? '.' : prefix.slice(0, -1),
      path: folder,
      reason: 'cannot be read',
    };
    return;
  }
  for (const name of names) yield* one(join(folder, name), `${prefix}${name}`, name);
}

function* one(path: string, file: string, name: string): Generator<Walked> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (stats.isSymbolicLink()) yield { kind: 'skipped', file, path, reason: 'a symbolic link, not followed' };
  else if (stats.isFile()) yield entry(path, file, stats.size);
  else if (!stats.isDirectory()) yield { kind: 'skipped', file, path, reason: 'no file' };
  else if (!NOT_WALKED.has(name)) yield* below(path, `${file}/`);
  // Of git's own folder, the file that names the remotes.
  else if (name === '.git') yield* gitConfig(join(path, 'config'), `${file}/config`);
}

function* gitConfig(path: string, file: string): Generator<Walked> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) yield entry(path, file, stats.size);
}

function entry(path: string, file: string, size: number): Walked {
  return { kind: 'file', file, path, size };
}
