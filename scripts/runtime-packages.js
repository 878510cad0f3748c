// The packages that our programs may hold: what the lock file's `dependencies` lead to, and nothing for development.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} RuntimePackage
 * @property {string} path Where npm installs it, below the project.
 * @property {string} name
 * @property {string} version
 * @property {string} license As package.json says it: an SPDX expression.
 * @property {string} [integrity] Of the archive in the registry; a package of our own, in `stubs`, has none.
 * @property {string[]} dependencies Paths of the packages it needs.
 */

/**
 * @param {string} root The project.
 * @returns {{ direct: string[], packages: RuntimePackage[] }} In the order of their paths.
 */
export function runtimePackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const found = new Map();
  const direct = needsOf('', packages);
  for (const waiting = [...direct]; waiting.length > 0; ) {
    const path = waiting.pop();
    if (found.has(path)) continue;
    const dependencies = needsOf(path, packages);
    found.set(path, { ...described(path, packages[path]), dependencies });
    waiting.push(...dependencies);
  }
  return { direct, packages: [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function needsOf(path, packages) {
  const { dependencies = {}, optionalDependencies = {} } = packages[path];
  return Object.keys({ ...dependencies, ...optionalDependencies }).map((name) =>
    locate(name, path, packages),
  );
}

/** As Node looks for it: in the package's own node_modules, then in those of the folders above. */
function locate(name, from, packages) {
  for (
    let folder = from;
    ;
    folder = folder.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$|^stubs\/.*$/, '')
  ) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return packages[path].link ? packages[path].resolved : path;
    if (folder === '') throw new Error(`the lock file does not have ${name}, which ${from} needs`);
  }
}

function described(path, { name, version, license, integrity }) {
  return { path, name: name ?? path.replace(/^.*node_modules\/|^stubs\//, ''), version, license, integrity };
}
