// Where a text speaks of Azure DevOps, and of which organization.
import { parseOrganization } from '../azure-devops/organization.js';

const VARIABLE =
  '\\$\\{\\{[^{}]{1,120}\\}\\}|\\$\\{[\\w.:]{1,80}\\}|\\$\\([\\w.: -]{1,80}\\)|\\{[\\w.: $-]{1,80}\\}|%\\w{1,80}%|\\$(?:env:)?\\w{1,80}';
/** What follows must not make it another host's name; git's settings have their own after it. */
const NO_MORE = '(?![\\w-]|\\.(?!extraheader\\b)\\w)';
/** A host of Azure DevOps, as part of a pattern. */
export const HOST = `(?:(?<![\\w.-])(?:[a-z]{2,20}\\.)?dev\\.azure\\.com|(?:(?<![\\w.-])[a-z0-9][a-z0-9-]{0,49}|${VARIABLE})(?:\\.[a-z]{2,12})?\\.visualstudio\\.com)${NO_MORE}`;

/** Names below visualstudio.com and dev.azure.com that are no organizations. */
const NOT_ORGANIZATIONS = new Set(
  (
    'www app aex my go docs code vscode marketplace gallery download downloads update feeds pkgs vssps vsrm vsaex vs-ssh ssh ' +
    'dc services ms-vscode status visualstudio az aka team vsassets online live developer learn collection'
  ).split(' '),
);

const AT_SHARED_HOST = `(?<![\\w.-])(?:[a-z]{2,20}\\.)?dev\\.azure\\.com(?::443)?(?:/|:v3/)(${VARIABLE}|[A-Za-z0-9][\\w-]{0,79})`;
const AT_OWN_HOST = `(?:(?<![\\w.-])([a-z0-9][a-z0-9-]{0,49})|(${VARIABLE}))(?:\\.[a-z]{2,12})?\\.visualstudio\\.com${NO_MORE}`;
const AT_OLD_SSH = '([a-z0-9][a-z0-9-]{0,49})@vs-ssh\\.visualstudio\\.com';
const OPTION = '--org(?:anization)?[= ]+["\']?([A-Za-z0-9][\\w-]{0,49})(?![\\w:/.-])';
const ACCOUNT = '-(?:Account|Organization)(?:Name)?[: ]+["\']?([A-Za-z0-9][\\w-]{0,49})(?![\\w:/.-])';
const FIELD =
  '(?:^|[\\s"\'{,$-])(?:(?:env:)?(?:azp|azdo|ado|azure_?devops|devops|vsts)_?)?(?:org|organi[sz]ation|account)(?:_?name)?["\']?[ \\t]*[:=][ \\t]*["\']?([A-Za-z0-9][\\w-]{0,49})(?=["\'\\s,;}]|$)';

const ADDRESSES = new RegExp([AT_SHARED_HOST, AT_OLD_SSH, AT_OWN_HOST].join('|'), 'gi');
const NAMED = new RegExp([OPTION, ACCOUNT, FIELD].join('|'), 'gim');
const ANY_HOST = new RegExp(HOST, 'i');

/** Every organization that the text names: by addresses, or where there are none, by options and fields. */
export function organizationsIn(text: string): Set<string> {
  const byAddress = found(ADDRESSES, text);
  return byAddress.size > 0 ? byAddress : found(NAMED, text);
}

function found(pattern: RegExp, text: string): Set<string> {
  if (pattern === ADDRESSES && !/azure\.com|visualstudio\.com/i.test(text)) return new Set();
  const names = [...text.matchAll(pattern)].map(
    (match) => parseOrganization(match.slice(1).find((group) => group !== undefined) ?? '')?.name,
  );
  return new Set(names.filter((name) => name !== undefined && !NOT_ORGANIZATIONS.has(name)) as string[]);
}

const SPEAKS_OF =
  /\baz (?:devops|repos|pipelines|boards|artifacts) |System\.(?:TeamFoundation)?CollectionUri|SYSTEM_(?:TEAMFOUNDATION)?COLLECTIONURI|azure[-_. ]?devops|\bazdo\b|\buses:\s?\S{1,100}(?:vsts|azdo)|Microsoft\.(?:TeamFoundation|VisualStudio\.Services)|VssConnection|VSTeam/i;

/** Whether the text names a host of Azure DevOps, or its tools. */
export function speaksOfAzureDevOps(text: string): boolean {
  return namesHost(text) || SPEAKS_OF.test(text);
}

/** Beyond the hosts of its marketplace and documentation, which take no PAT of an organization. */
export function namesHost(text: string): boolean {
  if (!/azure\.com|visualstudio\.com/i.test(text)) return false;
  return ANY_HOST.test(
    text.replace(/\b(?:marketplace|code|download|update\.code|docs|www|my|app)\.visualstudio\.com/gi, ''),
  );
}

/** Whether a URL in it leads anywhere else. */
export function namesOtherHost(text: string): boolean {
  return [...text.matchAll(/\bhttps?:\/\/(?:[^\s/@'"]{1,300}@)?([a-z0-9.-]{1,253})/gi)].some(
    ([, host = '']) => /\.|^localhost$/.test(host) && !ANY_HOST.test(host),
  );
}

type FeedKind = 'npm' | 'nuget' | 'python' | 'maven' | 'cargo';

/** Which tool's feed a URL of Azure Artifacts is. */
export function feedKindOf(text: string): FeedKind | undefined {
  const kind = /\/_packaging\/[^/\s"'<>]{1,100}\/(npm|nuget|pypi|maven|cargo)\b/i
    .exec(text)?.[1]
    ?.toLowerCase();
  return kind === 'pypi' ? 'python' : (kind as FeedKind | undefined);
}
