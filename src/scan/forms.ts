// The forms in which commands, scripts and programs hand a credential to Azure DevOps, in any language.
import { feedKindOf, HOST, namesHost, namesOtherHost } from './addresses.js';
import type { Use } from './finding.js';
import { USERINFO, VALUE } from './value.js';

/** One place in a command that holds a credential. */
export interface Slot {
  readonly index: number;
  /** As written: a value or an expression that makes one. */
  readonly written: string;
  /** `around`: what stands around the command tells. */
  readonly use: Use | 'around';
  readonly does: string;
  readonly configure?: string;
  /** It stands where a URL names its user. */
  readonly isUser?: boolean;
  /** What it makes is handed over elsewhere. */
  readonly isEncoding?: boolean;
  /** A word there is no credential; only a variable, a stored secret or what has a PAT's shape is. */
  readonly isLoose?: boolean;
}

interface Form {
  /** A quick look whether the slot can be there at all. */
  readonly only?: RegExp;
  /** The program that the command starts, or what else tells the form; before the slot. */
  readonly after?: RegExp;
  /** Its last group is the credential. */
  readonly slot: RegExp;
  /** Where the host that the credential goes to has to be named. */
  readonly where: 'here' | 'around' | 'anywhere';
  readonly use: Use | 'around' | ((match: RegExpMatchArray, command: string) => Use);
  readonly does: string;
  readonly configure?: string;
  readonly isLoose?: boolean;
  readonly isEncoding?: boolean;
  /** The group is what stands between the brackets of a call. */
  readonly isCall?: boolean;
  /** The group is `user:password`, in which either may be the credential. */
  readonly isUserInfo?: boolean;
}

const QUOTE = '\\\\?["\'`]?';
const REST_OF_LINE = '([^\\r\\n]{1,600})';
const option = (names: string) => new RegExp(`(?<=\\s)(?:${names})(?:\\s+|[=:]\\s*)${QUOTE}(${VALUE})`, 'gi');

const FORMS: readonly Form[] = [
  {
    slot: new RegExp(`\\bhttps?:\\/\\/(${USERINFO})@${HOST}[^\\s"'<>]{0,300}`, 'gi'),
    where: 'anywhere',
    use: useOfUrl,
    does: 'is in a URL',
    isUserInfo: true,
  },
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
    after: /\b(?:curl|https?|xh)(?:\.exe)?\s/i,
    slot: new RegExp(
      `(?<=\\s)(?:-[a-zA-Z]{0,8}[ua]|--user|--auth)(?:\\s*|=)${QUOTE}((?:${VALUE})?:(?:${VALUE})?)`,
      'g',
    ),
    where: 'around',
    use: useOfUrl,
    does: 'is the password of a REST call',
    isUserInfo: true,
  },
  {
    after: /\bwget\b/i,
    slot: option('--(?:http-)?password'),
    where: 'around',
    use: useOfUrl,
    does: 'is the password of a REST call',
  },
  {
    after: /\bextraheader\b/i,
    slot: new RegExp(`\\bbasic\\b${REST_OF_LINE}`, 'gi'),
    where: 'around',
    use: 'git',
    does: 'is in a header that git sends',
    isLoose: true,
  },
  {
    after: /\bAuthorization\b/i,
    slot: new RegExp(`\\bBasic\\b${REST_OF_LINE}`, 'gi'),
    where: 'around',
    use: (_match, command) => (/extraheader/i.test(command) ? 'git' : 'rest'),
    does: 'is in a Basic authorization header',
    isLoose: true,
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
  {
    slot: option('-(?:PersonalAccessToken|Pat)'),
    where: 'around',
    use: 'rest',
    does: 'signs a PowerShell module in',
    isLoose: true,
  },
  {
    slot: new RegExp(
      `\\b(?:getPersonalAccessTokenHandler|getBasicHandler|PersonalAccessTokenCredentialHandler|BasicCredentialHandler|NewPatConnection|VssBasicCredential|BasicAuthentication|PatCredential)\\s?\\(${REST_OF_LINE}`,
      'g',
    ),
    where: 'around',
    use: 'rest',
    does: 'signs a client of the REST API in',
    isLoose: true,
    isCall: true,
  },
  {
    slot: /\b(?:auth\s*=\s*)?(?:[\w.]{0,60}[bB]asic_?[aA]uth|(?<=auth\s*=\s*)|SetBasicAuth)\(\s*f?["'`][^"'`\r\n]{0,100}["'`]\s*,\s*([^\r\n]{1,300})/g,
    where: 'around',
    use: 'rest',
    does: 'is the password of a REST call',
    isLoose: true,
  },
  {
    after: new RegExp(`\\bmachine\\s+${HOST}`, 'i'),
    slot: new RegExp(`\\bpassword\\s+${QUOTE}(${VALUE})`, 'gi'),
    where: 'anywhere',
    use: 'git',
    does: 'is in a netrc entry',
    isLoose: true,
  },
  {
    after: /\bgit\b|credential\.helper|\bhost=|\busername=/,
    slot: new RegExp(`\\bpassword=${QUOTE}(${VALUE})`, 'g'),
    where: 'around',
    use: 'git',
    does: "is git's password",
    isLoose: true,
  },
  {
    slot: new RegExp(`\\bPSCredential\\b.{0,10}[( ]${REST_OF_LINE}`, 'gi'),
    where: 'around',
    use: 'around',
    does: 'becomes a PowerShell credential',
    isLoose: true,
  },
  {
    slot: new RegExp(
      `\\b(?:ToBase64String|b64encode|btoa|encodeToString|EncodeToString|strict_encode64|base64_encode|Buffer\\.from)\\(${REST_OF_LINE}`,
      'g',
    ),
    where: 'around',
    use: 'rest',
    does: 'is encoded for Basic authentication',
    isLoose: true,
    isEncoding: true,
  },
  {
    only: /\|\s*(?:openssl )?base64\b/,
    slot: /([^\r\n;&|]{1,600})\|\s*(?:openssl )?base64\b/g,
    where: 'around',
    use: 'rest',
    does: 'is encoded for Basic authentication',
    isLoose: true,
    isEncoding: true,
  },
  {
    after: /\bbase64\b/,
    slot: /<<<\s*([^\r\n]{1,300})/g,
    where: 'around',
    use: 'rest',
    does: 'is encoded for Basic authentication',
    isLoose: true,
    isEncoding: true,
  },
];

/** Most commands do nothing of the kind. */
const MAY_HAND_OVER =
  /@|auth|password|basic|login|curl|http|wget|xh |vsce|tfx|VsixPublisher|nuget|config\.|twine|poetry|uv |cargo|-Pat|AccessToken|Handler|Connection|Credential|base64|b64|btoa|encode|Buffer/i;

/** @param speaks Whether what is around a command without a host of its own is about Azure DevOps. */
export function slotsIn(command: string, speaks: () => boolean): Slot[] {
  const leads = {
    anywhere: () => true,
    here: () => namesHost(command),
    around: () => namesHost(command) || (!namesOtherHost(command) && speaks()),
  };
  if (!MAY_HAND_OVER.test(command)) return [];
  return FORMS.flatMap(
    ({ only, after, slot, where, use, does, configure, isLoose, isEncoding, isCall, isUserInfo }) => {
      if (only?.test(command) === false) return [];
      const start = after === undefined ? 0 : command.search(after);
      if (start < 0) return [];
      return [...command.matchAll(slot)].flatMap((match) => {
        const written = isCall === true ? argumentIn(match[1] ?? '') : match[1];
        if (written === undefined || match.index < start || !leads[where]()) return [];
        return [
          {
            index: match.index + Math.max(0, match[0].indexOf(match[1] ?? '')),
            written,
            use: typeof use === 'string' ? use : use(match, command),
            does,
            ...(configure === undefined ? {} : { configure }),
            ...(isLoose === true ? { isLoose } : {}),
            ...(isEncoding === true ? { isEncoding } : {}),
            ...(isUserInfo === true ? credentialOf(written) : {}),
          },
        ];
      });
    },
  );
}

/** A program's own variable, written as those of shells are. */
function argumentIn(call: string): string {
  const named =
    /(?:^|,)\s*(?:password\s*[:=]\s*)?(?!true\b|false\b)([A-Za-z_$][\w.$]*)\s*(?:,\s*(?:true|false)\s*)?[,)]?\s*[);]/;
  const name = named.exec(call)?.[1];
  return name === undefined ? call : `\${${name.replace(/^.*[.$]/, '')}}`;
}

const USER_AND_PASSWORD =
  /^((?:\$\{\{[^{}]{0,300}\}\}|\$\{[^{}]{0,120}\}|\$env:|\$\([^()]{0,200}\)|\{[^{}]{0,100}\}|[^:${]|\$(?![{(])){0,300}?):(.*)$/s;

/** The user is the credential where there is no password, or only a word to fill its place. */
function credentialOf(userInfo: string): Pick<Slot, 'written' | 'isUser'> {
  const [, user = userInfo, password = ''] = USER_AND_PASSWORD.exec(userInfo) ?? [];
  return /^(?:|x|x-oauth-basic|any|-)$/i.test(password)
    ? { written: user, isUser: true }
    : { written: password };
}

function useOfUrl(match: RegExpMatchArray, command: string): Use {
  const [found] = match;
  const feed = feedKindOf(found) ?? feedKindOf(command);
  if (feed !== undefined) return feed;
  if (/\/_git\/|\bgit\b|\.git\b|_git|\.gitmodules/i.test(found)) return 'git';
  if (/\/_apis\/|\b(?:curl|wget|https?|xh)\s|\bInvoke-/i.test(command)) return 'rest';
  return /\bpip\b|index-url/i.test(command) ? 'python' : 'git';
}
