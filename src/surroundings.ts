// Gathers, once per run, the facts that the chosen consumers need: for them the only reader of user files and workspace files.
import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { type Feed, listFeeds } from './azure-devops/feeds.js';
import type { OrganizationToken } from './azure-devops/verify.js';
import type { Facts, FoundFile, Need } from './consumers/consumer.js';
import { PatlessError } from './errors.js';
import { folderFor } from './files.js';
import type { Environment, Host } from './hosts/host.js';
import { printable } from './printable.js';
import { programBeside } from './program.js';
import { programPath } from './program-path.js';
import type { Session } from './session.js';

/** A file of the user or the workspace beyond this is no configuration. */
const LARGEST_FILE = 1024 * 1024;
/** Workspace text is hostile: neither its depth nor its breadth may hold the run up. */
const DEEPEST = 8;
const MOST_FOLDERS = 5000;
const MOST_FILES = 200;
/** Holds no configuration of the project itself. */
const SKIPPED = new Set(['.git', 'node_modules', '.venv', 'venv', 'target']);

/** What a consumer asked for, out of what all of them together did: none sees another one's files. */
export function factsFor(needs: readonly Need[], facts: Facts): Facts {
  const asked = <K extends Need['kind']>(kind: K) =>
    needs.filter((need): need is Need & { kind: K } => need.kind === kind);
  const userFiles = [...asked('user-file'), ...asked('beside-program')].map(({ name }) => name);
  const fileNames = asked('workspace-files').flatMap(({ names }) => names);
  const programs = asked('executable').map(({ name }) => name);
  const paths = asked('user-path').map(({ path }) => path);
  return {
    ...facts,
    environment: chosenVariables(needs, facts.environment),
    userFiles: Object.fromEntries(
      Object.entries(facts.userFiles).filter(([name]) => userFiles.includes(name)),
    ),
    userPaths: new Set([...facts.userPaths].filter((path) => paths.includes(path))),
    workspaceFiles: facts.workspaceFiles.filter(({ path }) =>
      fileNames.some((name) => path.endsWith(join(sep, name))),
    ),
    executables: new Set([...facts.executables].filter((name) => programs.includes(name))),
    feeds: asked('feeds').length > 0 ? facts.feeds : [],
  };
}

/** @param workspace Where the project is checked out; may be empty when the step comes before the checkout. */
export async function gather(
  needs: readonly Need[],
  token: OrganizationToken | undefined,
  host: Pick<Host, 'environment' | 'temp'>,
  session: Session,
  workspace = process.cwd(),
): Promise<Facts> {
  const { environment } = host;
  return {
    environment: chosenVariables(needs, environment),
    folder: folderFor(host.temp, randomUUID()),
    program: programBeside(realpathSync(process.argv[1] ?? '')),
    userFiles: { ...userFiles(needs, environment), ...installedFiles(needs, environment) },
    userPaths: userPaths(needs, environment),
    workspaceFiles: workspaceFiles(needs, workspace, session),
    executables: new Set(
      needs.flatMap((need) =>
        need.kind === 'executable' && programPath(need.name, environment) ? need.name : [],
      ),
    ),
    feeds: token && needs.some(({ kind }) => kind === 'feeds') ? await feedsOf(token, session) : [],
  };
}

function chosenVariables(needs: readonly Need[], environment: Environment): Record<string, string> {
  const wanted = Object.entries(environment).filter(([name]) =>
    needs.some((need) => need.kind === 'environment' && need.names.test(name)),
  );
  return Object.fromEntries(wanted.map(([name, value]) => [name, value ?? '']));
}

/** By the need's name; one that does not exist, or cannot be read, is left out. */
function userFiles(needs: readonly Need[], environment: Environment): Record<string, FoundFile> {
  const found = needs.flatMap((need): [string, FoundFile][] => {
    if (need.kind !== 'user-file') return [];
    const path = userPath(need, environment);
    if (path === undefined) return [];
    const text = existsSync(path) ? textOf(path, statSync) : undefined;
    if (text === undefined && existsSync(path)) throw unreadable(path);
    return text === undefined ? [] : [[need.name, { path, text }]];
  });
  return Object.fromEntries(found);
}

/** To go on would put the user's own configuration out of force without a word. */
function unreadable(path: string): PatlessError {
  return new PatlessError('INPUT_INVALID', `The configuration file ${printable(path)} cannot be read.`, {
    hint: `It has to be a file of at most ${LARGEST_FILE / 1024} KiB that this user may read, since it stays in force beside ours.`,
  });
}

function installedFiles(needs: readonly Need[], environment: Environment): Record<string, FoundFile> {
  const found = needs.flatMap((need): [string, FoundFile][] => {
    const program = need.kind === 'beside-program' && programPath(need.program, environment);
    if (!program) return [];
    const path = join(dirname(realpathSync(program)), need.path);
    const text = textOf(path, statSync);
    return text === undefined ? [] : [[need.name, { path, text }]];
  });
  return Object.fromEntries(found);
}

function userPaths(needs: readonly Need[], environment: Environment): Set<string> {
  const paths = needs.flatMap((need) => (need.kind === 'user-path' ? need.path : []));
  return new Set(paths.filter((path) => existsSync(join(home(environment), path))));
}

function userPath(
  { variable, inFolder = '', path }: Need & { kind: 'user-file' },
  environment: Environment,
): string | undefined {
  const own = variable && environment[variable];
  if (own) return join(own, inFolder);
  return path && join(home(environment), path);
}

function home(environment: Environment): string {
  return environment.HOME || homedir();
}

function workspaceFiles(needs: readonly Need[], workspace: string, session: Session): FoundFile[] {
  const names = [...new Set(needs.flatMap((need) => (need.kind === 'workspace-files' ? need.names : [])))];
  if (names.length === 0) return [];
  const found = new Map(names.map((name): [string, FoundFile[]] => [name, []]));
  const folders = [{ path: workspace, depth: 0 }];
  for (const { path, depth } of folders) {
    const entries = entriesOf(path);
    for (const name of names.filter((candidate) =>
      entries.some((entry) => entry.name === candidate.split('/')[0]),
    )) {
      const text = textOf(join(path, name), lstatSync);
      if (text !== undefined) found.get(name)?.push({ path: join(path, name), text });
    }
    // Links are not followed: they may lead anywhere. What is pushed here is visited later.
    const below = entries.filter(
      (entry) => entry.isDirectory() && !SKIPPED.has(entry.name) && depth < DEEPEST,
    );
    folders.push(
      ...below
        .slice(0, MOST_FOLDERS - folders.length)
        .map((entry) => ({ path: join(path, entry.name), depth: depth + 1 })),
    );
  }
  if (folders.length >= MOST_FOLDERS) {
    session.log(
      `Note: of the project's folders, ${MOST_FOLDERS} are looked at; what tools have in others is not seen.`,
    );
  }
  return [...found].flatMap(([name, files]) => {
    if (files.length > MOST_FILES)
      session.log(`Note: of ${files.length} files named ${name}, ${MOST_FILES} are read.`);
    return files.slice(0, MOST_FILES);
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** @param stat Decides whether a link is followed. */
function textOf(path: string, stat: typeof lstatSync | typeof statSync): string | undefined {
  try {
    const file = stat(path);
    return file?.isFile() && file.size <= LARGEST_FILE ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Whoever may not list feeds goes without: the project's own files name the feeds it uses. */
async function feedsOf(token: OrganizationToken, session: Session): Promise<readonly Feed[]> {
  return listFeeds(token, session).catch((error: unknown) => {
    if (session.deadline.aborted) throw error;
    const cure = error instanceof PatlessError ? ` ${error.hint}` : '';
    const reason = error instanceof Error ? error.message : error;
    session.log(`Note: the list of feeds could not be read: ${reason}${cure}`);
    return [];
  });
}
