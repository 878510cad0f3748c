// Options and settings of tools that take a PAT.
import { HOST } from '../addresses.js';
import { VALUE } from '../value.js';
import { type Form, option, QUOTE } from './form.js';

export const tools: readonly Form[] = [
  {
    slot: new RegExp(
      `\\/\\/${HOST}[^\\s"'=]{0,300}:(?:_password|_auth)["']?\\s*[=:\\s]\\s*${QUOTE}(${VALUE})`,
      'gi',
    ),
    where: 'anywhere',
    use: 'npm',
    does: 'is the password of an npm registry',
  },
  {
    slot: new RegExp(`\\/\\/${HOST}[^\\s"'=]{0,300}:_authToken["']?\\s*[=:\\s]\\s*${QUOTE}(${VALUE})`, 'gi'),
    where: 'anywhere',
    use: 'npm',
    does: 'is the token of an npm registry',
  },
  {
    only: /\|\s*az(?:\.cmd)? devops login\b/i,
    slot: /([^\r\n;&]{1,600})\|\s*az(?:\.cmd)? devops login\b/gi,
    where: 'anywhere',
    use: 'cli',
    does: 'signs `az devops` in',
  },
  {
    slot: /(?<=(?:^|[;&])\s{0,20})(az(?:\.cmd)? devops login)\b(?![^\r\n]{0,300}<)/gi,
    where: 'anywhere',
    use: 'cli',
    does: 'signs `az devops` in',
  },
  {
    after: /\baz(?:\.cmd)? devops login\b/i,
    slot: new RegExp(`<{1,3}\\s*${QUOTE}(${VALUE})`, 'g'),
    where: 'anywhere',
    use: 'cli',
    does: 'signs `az devops` in',
  },
  {
    after: /\bvsce\b.{0,200}\b(?:publish|unpublish|login|verify-pat)\b/i,
    slot: option('-p|--pat'),
    where: 'anywhere',
    use: 'marketplace',
    does: 'publishes to the Visual Studio Marketplace',
    isLoose: true,
  },
  {
    after: /\btfx\b/i,
    slot: option('-t|--token'),
    where: 'anywhere',
    use: (_match, command) => (/\btfx\b.{0,20}\bextension\b/i.test(command) ? 'marketplace' : 'cli'),
    does: 'is the token of tfx',
    isLoose: true,
  },
  {
    after: /\bVsixPublisher(?:\.exe)?\b/i,
    slot: option('-personalAccessToken'),
    where: 'anywhere',
    use: 'marketplace',
    does: 'publishes to the Visual Studio Marketplace',
    isLoose: true,
  },
  {
    after: /\bnuget\b.{0,100}\bsources?\b/i,
    slot: option('-Password|--password|-p'),
    where: 'around',
    use: 'nuget',
    does: 'is the password of a NuGet source',
    isLoose: true,
  },
  {
    after: /\bnuget\b.{0,300}\bpush\b/i,
    slot: option('-ApiKey|--api-key|-k'),
    where: 'here',
    use: 'nuget',
    does: 'is the API key of a NuGet feed',
    isLoose: true,
  },
  {
    only: /\bconfig\.(?:sh|cmd)\b.{0,600}(?:--auth[= ]+["']?pat\b|dev\.azure\.com|visualstudio\.com)/is,
    slot: option('--token'),
    where: 'anywhere',
    use: 'unknown',
    does: 'registers an agent',
    isLoose: true,
  },
  {
    after: /\btwine\b/i,
    slot: option('-p|--password'),
    where: 'around',
    use: 'python',
    configure: 'twine',
    does: 'is the password of a Python feed',
    isLoose: true,
  },
  {
    after: /\bpoetry\s+config\b|\buv\s+auth\s+login\b|\buv\s+publish\b|\bpoetry\s+publish\b/i,
    slot: new RegExp(
      `\\s(?:(?:http-basic|pypi-token)\\.\\S{1,100}\\s+(?:\\S{1,100}\\s+)?|(?:--password|--token|-p|-t)[= ]+)${QUOTE}(${VALUE})`,
      'gi',
    ),
    where: 'around',
    use: 'python',
    configure: 'uv',
    does: 'is the password of a Python feed',
    isLoose: true,
  },
  {
    after: /\bcargo\b.{0,20}\b(?:login|publish)\b/i,
    slot: /(?:--token[= ]+|\blogin\s(?:.{0,200}?\s)??)["']([^"'\r\n]{1,300})["']/gi,
    where: 'around',
    use: 'cargo',
    does: 'is the token of a Cargo registry',
    isLoose: true,
  },
];
