// The plugin that gives Yarn 4 the token: Yarn reads no npmrc, and its own variable would go to every registry.
import type { Organization } from '../azure-devops/organization.js';
import type { Program } from '../program.js';
import { CURRENT_FILE, REFUSED_FILE } from '../renewal.js';

/**
 * Yarn asks for a header by the registry, and then sends it wherever a lock file points. So the first hook
 * answers with a word that is no secret, and the second looks at where a request really goes.
 */
export function yarnPlugin(
  { name, tokenVariable, folderVariable }: Organization,
  { script }: Program,
): string {
  return `// Written by patless for this job; see YARN_PLUGINS.
const PLACE = /^https:\\/\\/(?:pkgs\\.dev\\.azure\\.com\\/${name}|${name}\\.pkgs\\.visualstudio\\.com)\\//i;
// Dot segments, and what a server may read as a slash or a dot: they can lead to another organization.
const LEADS_ELSEWHERE = /(?:^|\\/)\\.{1,2}(?:\\/|$)|%(?:2e|2f|5c)|\\\\/i;
const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync, statSync } = require('node:fs');
const { env } = process;
const STAND_IN = 'patless-${name}';
// What the files of that folder hold, says patless: docs/ARCHITECTURE.md.
const presentToken = () => {
  try {
    const current = env.${folderVariable} + '/${CURRENT_FILE}';
    const isDue = existsSync(env.${folderVariable} + '/${REFUSED_FILE}') || statSync(current).mtimeMs < Date.now();
    if (!isDue) return readFileSync(current, 'utf8').split('\\n')[1] || env.${tokenVariable};
    const args = [${JSON.stringify(script)}, 'git-credential', '--organization', '${name}', 'get'];
    const answer = execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
    return /^password=(\\S+)$/m.exec(answer)[1];
  } catch {
    return env.${tokenVariable};
  }
};
const isOurs = (target) => {
  const { href, pathname } = new URL(target);
  // Yarn writes the slash in a scoped name so.
  const path = pathname.replace(/\\/@[^/%]+%2f/i, '/');
  return PLACE.test(href) && !LEADS_ELSEWHERE.test(path) && !!env.${tokenVariable};
};
module.exports = {
  name: 'patless-${name}',
  factory: () => ({
    hooks: {
      getNpmAuthenticationHeader: async (header, registry) => header ?? (isOurs(registry + '/') ? STAND_IN : undefined),
      wrapNetworkRequest: async (executor, request) => {
        const { authorization, ...headers } = request.headers ?? {};
        if (isOurs(request.target)) request.headers = { ...headers, authorization: 'Bearer ' + presentToken() };
        else if (authorization === STAND_IN) request.headers = headers;
        return executor;
      },
    },
  }),
};
`;
}
