#!/usr/bin/env node
// A stand-in for `az` that keeps a tenant and organizations in a file, AZ_STATE: what docs/MIGRATING.md's script needs, and no more.
// Every call and what it wrote is in AZ_STATE's `calls`. A call beside another one is refused, as Microsoft Entra does with 409.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';

const FILE = process.env.AZ_STATE ?? '';
const LOCK = `${FILE}.lock`;
const args = process.argv.slice(2);
const words = args
  .slice(
    0,
    Math.max(
      0,
      args.findIndex((word) => word.startsWith('--')),
    ),
  )
  .join(' ');
const option = (name) => args[args.indexOf(`--${name}`) + 1];
const state = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
const { apps = [], members = [], joined = [], groups = [], calls = [], licences = 100 } = state;

/** What a query of the script's form asks for: `[?name=='value'].field`, below whatever comes before it. */
function queried(list) {
  const [, key, value, field] = /\[\?(\w+)=='(.*)'\]\.(\w+)$/.exec(option('query')) ?? [];
  if (key === undefined) throw new Error(`a query of another form: ${option('query')}`);
  return list.filter((item) => item[key] === value).map((item) => item[field]);
}

const app = () => apps.find(({ appId }) => appId === option('id')) ?? fail('ResourceNotFound');
let wrote = false;
const write = (change) => {
  wrote = true;
  return change();
};

const COMMANDS = {
  'ad app list': () => queried(apps),
  'ad app create': () =>
    write(() => {
      const appId = randomUUID();
      apps.push({ appId, displayName: option('display-name'), credentials: [] });
      return [appId];
    }),
  'ad sp list': () => {
    const id = /^appId eq '(.*)'$/.exec(option('filter'))?.[1];
    return apps.filter(({ appId, objectId }) => appId === id && objectId).map(({ objectId }) => objectId);
  },
  'ad sp create': () =>
    write(() => {
      app().objectId = randomUUID();
      return [app().objectId];
    }),
  'ad app federated-credential list': () => queried(app().credentials),
  'ad app federated-credential create': () =>
    write(() => {
      const { name, issuer, subject, audiences } = JSON.parse(option('parameters'));
      const { credentials } = app();
      if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) fail(`a name it does not take: ${name}`);
      if (credentials.some((one) => one.name === name || one.subject === subject))
        fail('it is there already');
      if (credentials.length >= 20) fail('20 is the most');
      credentials.push({ name, issuer, subject, audiences });
      return [];
    }),
  'devops security group list': () =>
    queried(
      groups.filter(
        ({ organization, project }) =>
          option('organization') === `https://dev.azure.com/${organization}` && option('project') === project,
      ),
    ),
  rest: () => rest(option('method'), new URL(option('url'))),
};

function rest(method, { host, pathname }) {
  const [, organization, path] = /^\/([^/]+)\/_apis\/(.*)$/.exec(pathname) ?? [];
  if (`${method} ${host} ${path}` === 'get vssps.dev.azure.com graph/serviceprincipals') {
    return queried(members.filter((member) => member.organization === organization));
  }
  if (`${method} ${host} ${path}` === 'post vsaex.dev.azure.com serviceprincipalentitlements') {
    if (members.length >= licences) return ['false'];
    const { originId } = JSON.parse(option('body')).servicePrincipal;
    return write(() => {
      members.push({ organization, originId, descriptor: `aadsp.${originId}` });
      return ['true'];
    });
  }
  const membership = /^graph\/memberships\/(.*)$/.exec(path)?.[1];
  if (membership === undefined) fail(`no such request: ${method} ${host}${pathname}`);
  if (method === 'get') return joined.includes(membership) ? [] : fail('404');
  return write(() => {
    joined.push(membership);
    return [];
  });
}

function fail(reason) {
  throw new Error(reason);
}

try {
  mkdirSync(LOCK);
} catch {
  process.stderr.write('ERROR: 409: a concurrent request is under way\n');
  process.exit(1);
}
try {
  const answer = (COMMANDS[words] ?? (() => fail(`no such command: ${words}`)))();
  process.stdout.write(answer.map((line) => `${line}\n`).join(''));
} catch (error) {
  process.stderr.write(`ERROR: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  calls.push({ words, wrote });
  writeFileSync(FILE, JSON.stringify({ apps, members, joined, groups, calls, licences }, undefined, 2));
  rmdirSync(LOCK);
}
