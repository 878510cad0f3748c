// Whether git could bring back what a file holds now.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Also for a file that git does not know, or ignores. Outside a repository there is nothing to commit. */
export function hasUncommittedChanges(path: string): boolean {
  if (!isInRepository(dirname(path))) return false;
  // A repository's own configuration must not start programs.
  const safely = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  const { status, stdout } = spawnSync('git', [...safely, 'status', '--porcelain', '--ignored', '--', path], {
    cwd: dirname(path),
    encoding: 'utf8',
  });
  // Whatever keeps git from answering keeps it from bringing the file back.
  return status !== 0 || stdout !== '';
}

function isInRepository(folder: string): boolean {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, '.git'))) return true;
    if (above === dirname(above)) return false;
  }
}
