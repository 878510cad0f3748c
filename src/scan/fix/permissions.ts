// What a job of GitHub is allowed, with `id-token: write` added, and nothing lost that was implicit before.
import { isMap, isScalar } from 'yaml';
import { entriesOf, indentOf, isBlockMap, valueOfKey } from './mapping.js';
import { nextLine, type Splice } from './splice.js';

/** GitHub documentation, "Permissions for the GITHUB_TOKEN": what a repository gives that has not been changed. */
const DEFAULTS = { contents: 'read', packages: 'read' };
const ALL = [
  'actions',
  'attestations',
  'checks',
  'contents',
  'deployments',
  'discussions',
  'issues',
  'packages',
  'pages',
  'pull-requests',
  'repository-projects',
  'security-events',
  'statuses',
];
const ID_TOKEN = { 'id-token': 'write' };

export interface Permitted {
  readonly splices: readonly Splice[];
  /** Of the job; undefined where its own stay as they are. */
  readonly permissions?: Readonly<Record<string, unknown>>;
}

/** @param workflow The whole document's mapping. @returns why not, where it is not certain. */
export function withIdToken(text: string, workflow: unknown, job: unknown): Permitted | string {
  const own = valueOfKey(job, 'permissions');
  const before = own ?? valueOfKey(workflow, 'permissions');
  if (isScalar(before) && before.value === 'write-all') return { splices: [] };
  const known = permissionsIn(before, job, text);
  if (typeof known === 'string') return known;
  if (known['id-token'] === 'write') return { splices: [] };
  const permissions = { ...known, ...ID_TOKEN };
  if (own === undefined) return inserted(text, job, permissions);
  return isBlockMap(own) ? extended(text, own, permissions) : replaced(text, own, permissions);
}

function permissionsIn(node: unknown, job: unknown, text: string): Record<string, unknown> | string {
  if (isMap(node))
    return Object.fromEntries(
      entriesOf(node).map(({ key, pair }) => [key, (pair.value as { value?: unknown })?.value]),
    );
  if (isScalar(node) && node.value === 'read-all')
    return Object.fromEntries(ALL.map((name) => [name, 'read']));
  if (node !== undefined && !(isScalar(node) && node.value === null))
    return 'its permissions are written in a way that is not known';
  return writesToRepository(job, text)
    ? 'it has no `permissions`, and uses the token of GitHub: say what it may do first'
    : DEFAULTS;
}

/** A repository may give its jobs more than is the default, and then such a step has used it. */
function writesToRepository(job: unknown, text: string): boolean {
  const { range } = job as { range?: readonly number[] | null };
  const own = text.slice(range?.[0] ?? 0, range?.[1] ?? text.length);
  return /\bGITHUB_TOKEN\b|\bgithub\.token\b|\bgit push\b(?![^\n]*https?:)|\bgh \w|create-release|release-action|deploy-pages|create-pull-request/i.test(
    own,
  );
}

function inserted(text: string, job: unknown, permissions: Record<string, unknown>): Permitted | string {
  const steps = entriesOf(job).find(({ key }) => key === 'steps');
  const indent = steps === undefined ? undefined : indentOf(text, steps);
  if (steps === undefined || indent === undefined) return 'its steps are written in a way that is not known';
  const pad = ' '.repeat(indent);
  const lines = Object.entries(permissions).map(([name, value]) => `${pad}  ${name}: ${value}\n`);
  return {
    splices: [
      {
        start: steps.start - indent,
        end: steps.start - indent,
        text: `${pad}permissions:\n${lines.join('')}`,
      },
    ],
    permissions,
  };
}

function extended(text: string, own: unknown, permissions: Record<string, unknown>): Permitted | string {
  const entries = entriesOf(own);
  const last = entries.at(-1);
  const indent = last === undefined ? undefined : indentOf(text, last);
  if (last === undefined || indent === undefined)
    return 'its permissions are written in a way that is not known';
  const present = entries.find(({ key }) => key === 'id-token');
  if (present !== undefined)
    return { splices: [{ start: present.start, end: present.end, text: 'id-token: write' }], permissions };
  const at = nextLine(text, last.end - 1);
  const isOpen = at === text.length && !text.endsWith('\n');
  return {
    splices: [{ start: at, end: at, text: `${isOpen ? '\n' : ''}${' '.repeat(indent)}id-token: write\n` }],
    permissions,
  };
}

function replaced(text: string, own: unknown, permissions: Record<string, unknown>): Permitted | string {
  const { range, anchor } = own as { range?: readonly number[] | null; anchor?: string };
  const [start, end] = range ?? [];
  if (start === undefined || end === undefined || anchor !== undefined)
    return 'its permissions are written in a way that is not known';
  if (text.slice(start, end).includes('\n')) return 'its permissions go over several lines';
  const inside = Object.entries(permissions).map(([name, value]) => `${name}: ${value}`);
  return { splices: [{ start, end, text: `{ ${inside.join(', ')} }` }], permissions };
}
