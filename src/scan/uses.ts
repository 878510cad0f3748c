// What a step or a command is about, by the tools and addresses in it.
import { feedKindOf } from './addresses.js';
import type { Use } from './finding.js';

const SIGNS: readonly (readonly [RegExp, Use])[] = [
  [/\b(?:hostType|type)["']?\s?:\s?["']?npm\b/i, 'npm'],
  [/\b(?:hostType|type)["']?\s?:\s?["']?git\b/i, 'git'],
  [
    /\bvsce\b|\btfx extension\b|\bVsixPublisher\b|marketplace\.visualstudio\.com|publish-vscode-extension/i,
    'marketplace',
  ],
  [/\b(?:terraform|tofu|terragrunt)\b/i, 'terraform'],
  [/\baz(?:\.cmd)? (?:devops|repos|pipelines|boards|artifacts)\b|\btfx\b/i, 'cli'],
  [
    /\bnpm-registry\b|\b_authToken\b|\bnpmrc\b|\bnpm(?:Auth|Registry)|\b(?:npm|pnpm|yarn|npx|bun) (?!run\b)/i,
    'npm',
  ],
  [
    /\bnuget\b|\bnuget-feed\b|\bdotnet (?:restore|build|nuget|publish|pack|test)\b|PSRepository|PSResource|Install-Module/i,
    'nuget',
  ],
  [
    /\bpython-index\b|\b(?:pip3?|twine|poetry|uv) (?:install|sync|upload|publish|config|add|download|pip|lock)\b|\bpypirc\b|\bpip\.conf\b/i,
    'python',
  ],
  [/\bmaven-repository\b|\bmvnw?\b|\bmaven\b/i, 'maven'],
  [/\bgradlew?\b/i, 'gradle'],
  [/\bcargo\b/i, 'cargo'],
  [
    /\/_git\/|\bgit(?: -\w+)? (?:clone|push|fetch|pull|remote|submodule|config|ls-remote|-c)\b|\bgit@|extraheader/i,
    'git',
  ],
  [
    /\/_apis\/|Invoke-RestMethod|Invoke-WebRequest|\bcurl\b|\brequests\.|\bfetch\(|HttpClient|VssConnection|azure-devops-node-api/i,
    'rest',
  ],
  [/\bdocker (?:build|buildx|compose|run)\b|docker\/build-push-action|Docker@2/i, 'docker'],
  // An action that is given a PAT calls the REST API.
  [/^[ \t]*(?:- +)?uses:\s(?!\S*\.github\/workflows\/)/m, 'rest'],
];

const FILES: readonly (readonly [RegExp, Use])[] = [
  [/(?:^|\/)\.(?:npmrc|yarnrc(?:\.yml)?)$|(?:^|\/)bunfig\.toml$/i, 'npm'],
  [/(?:^|\/)nuget\.config$/i, 'nuget'],
  [
    /(?:^|\/)(?:pip\.(?:conf|ini)|\.pypirc|pyproject\.toml|uv\.toml|poetry\.toml|auth\.toml|requirements[\w.-]*\.txt)$/i,
    'python',
  ],
  [/(?:^|\/)(?:settings|pom)\.xml$|\.sbt$/i, 'maven'],
  [/\.gradle(?:\.kts)?$|(?:^|\/)gradle\.properties$/i, 'gradle'],
  [/(?:^|\/)\.cargo\//i, 'cargo'],
  [/(?:^|\/)(?:\.gitmodules|\.gitconfig|\.git-credentials|[._]?netrc|\.git\/config)$/i, 'git'],
  [/\.(?:tf|tfvars|tf\.json|hcl)$/i, 'terraform'],
];

/** What a file is for that belongs to one tool. */
export function useOfFile(path: string): Use | undefined {
  return FILES.find(([pattern]) => pattern.test(path))?.[1];
}

/** What a program does with a PAT that no command shows. */
export function isProgram(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|cs|fs|vb|go|java|kt|scala|rb|php|rs|swift)$/i.test(path);
}

export function useOf(text: string): Use {
  return usesIn(text)[0] ?? 'unknown';
}

/** What says most comes first. */
export function usesIn(text: string): Use[] {
  const feed = feedKindOf(text);
  const signs = SIGNS.flatMap(([sign, use]) => (sign.test(text) ? [use] : []));
  return [...new Set(feed === undefined ? signs : [feed, ...signs])];
}
