// Requests over http, and what makes them: URLs, headers, git, clients of the REST API, in any language.
import { feedKindOf, HOST } from '../addresses.js';
import type { Use } from '../finding.js';
import { USERINFO, VALUE } from '../value.js';
import { type Form, option, QUOTE, REST_OF_LINE } from './form.js';

function useOfUrl(match: RegExpMatchArray, command: string): Use {
  const [found] = match;
  const feed = feedKindOf(found) ?? feedKindOf(command);
  if (feed !== undefined) return feed;
  if (/\/_git\/|\bgit\b|\.git\b|_git|\.gitmodules/i.test(found)) return 'git';
  if (/\/_apis\/|\b(?:curl|wget|https?|xh)\s|\bInvoke-/i.test(command)) return 'rest';
  return /\bpip\b|index-url/i.test(command) ? 'python' : 'git';
}

export const requests: readonly Form[] = [
  {
    slot: new RegExp(`\\bhttps?:\\/\\/(${USERINFO})@${HOST}[^\\s"'<>]{0,300}`, 'gi'),
    where: 'anywhere',
    use: useOfUrl,
    does: 'is in a URL',
    isUserInfo: true,
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
    use: (_match, command) => (/extraheader|\bGIT_CONFIG_VALUE_/i.test(command) ? 'git' : 'rest'),
    does: 'is in a Basic authorization header',
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
    isCall: true,
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
