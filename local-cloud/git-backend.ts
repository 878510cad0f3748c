// Repositories on disk, served over smart HTTP by the real `git http-backend` (git-http-backend(1), a CGI program).
import { execFile, spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PlayedRequest, PlayedResponse } from './http.js';

export interface RepositoryAddress {
  readonly organization: string;
  readonly project: string;
  readonly repository: string;
}

const run = promisify(execFile);

/** git without the machine's or the user's configuration. */
const PLAIN_GIT = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Local Cloud',
  GIT_AUTHOR_EMAIL: 'cloud@contoso.example',
  GIT_COMMITTER_NAME: 'Local Cloud',
  GIT_COMMITTER_EMAIL: 'cloud@contoso.example',
};

async function git(cwd: string, ...args: string[]): Promise<string> {
  return (await run('git', args, { cwd, env: PLAIN_GIT })).stdout;
}

function folder({ organization, project, repository }: RepositoryAddress): string {
  return join(...[organization, project, `${repository}.git`].map((part) => part.toLowerCase()));
}

export async function createRepository(
  root: string,
  address: RepositoryAddress,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const bare = join(root, folder(address));
  const work = await mkdtemp(join(tmpdir(), 'local-cloud-seed-'));
  await mkdir(bare, { recursive: true });
  await git(bare, 'init', '--quiet', '--bare', '--initial-branch=main');
  await git(bare, 'config', 'http.receivepack', 'true');
  await git(work, 'init', '--quiet', '--initial-branch=main');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, name)), { recursive: true });
    await writeFile(join(work, name), content);
  }
  await git(work, 'add', '--all');
  await git(work, 'commit', '--quiet', '--message', 'Begin');
  await git(work, 'push', '--quiet', bare, 'main');
  await rm(work, { recursive: true });
}

/** Every repository of an organization; empty when it has none. */
export async function listRepositories(root: string, organization: string): Promise<RepositoryAddress[]> {
  const names = await readdir(join(root, organization), { recursive: true }).catch(() => []);
  return names.flatMap((name) => {
    const [, project, repository] = /^([^/\\]+)[/\\]([^/\\]+)\.git$/.exec(name) ?? [];
    return project === undefined || repository === undefined ? [] : [{ organization, project, repository }];
  });
}

export async function listRefs(root: string, address: RepositoryAddress) {
  const bare = join(root, folder(address));
  if (!(await exists(bare))) return undefined;
  const lines = (await git(bare, 'for-each-ref', '--format=%(refname) %(objectname)')).trim().split('\n');
  return lines.map((line) => {
    const [name, objectId] = line.split(' ');
    return { name, objectId };
  });
}

export async function listSubjects(root: string, address: RepositoryAddress): Promise<string[]> {
  return (await git(join(root, folder(address)), 'log', '--format=%s', 'main')).trim().split('\n');
}

/** @returns undefined when there is no such repository. */
export async function gitBackend(
  root: string,
  address: RepositoryAddress,
  path: string,
  request: PlayedRequest,
): Promise<PlayedResponse | undefined> {
  if (!(await exists(join(root, folder(address))))) return undefined;
  const { headers } = request;
  const output = await cgi(
    {
      ...PLAIN_GIT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: `/${folder(address).replaceAll('\\', '/')}${path}`,
      QUERY_STRING: request.url.search.slice(1),
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: String(request.body.length),
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      HTTP_GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      REMOTE_USER: 'service-principal',
      REMOTE_ADDR: '127.0.0.1',
    },
    request.body,
  );
  return parseCgi(output);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function cgi(env: Record<string, string>, input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', () => resolve(Buffer.concat(chunks)));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** CGI/1.1 (RFC 3875, 6): headers, an empty line, the body; the status is a header. */
function parseCgi(output: Buffer): PlayedResponse {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const { status = '200', ...rest } = headers;
  return { status: Number.parseInt(status, 10), headers: rest, body: output.subarray(end + 4) };
}
