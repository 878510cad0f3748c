// Finds an installed program in the folders of PATH.
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from './hosts/host.js';

/**
 * A folder that is empty or relative would be one of the workspace, whose programs nobody has chosen to run.
 * @returns undefined where there is none.
 */
export function programPath(name: string, environment: Environment): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  const folders = (environment.PATH ?? environment.Path ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder));
  return folders
    .flatMap((folder) => names.map((file) => join(folder, file)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
