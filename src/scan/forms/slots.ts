// The places of a command that hold a credential for Azure DevOps.
import { namesHost, namesOtherHost } from '../addresses.js';
import type { Use } from '../finding.js';
import { requests } from './requests.js';
import { tools } from './tools.js';

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

/** What a tool's own option says goes before what any request has. */
const FORMS = [...tools, ...requests];

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
