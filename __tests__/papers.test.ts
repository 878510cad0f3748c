// What stands beside the code: pages whose links lead somewhere, forms that ask for the code, updates that wait.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { tools } from '../src/consumers/register.js';

const pages = ['.', 'docs', 'azure-pipelines', 'examples'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => normalize(join(folder, name))),
);

describe('links within the repository', () => {
  /** As GitHub makes them of headings. */
  const anchorsOf = (page: string) =>
    [...readFileSync(page, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );

  test.each(pages)('of %s', (page) => {
    const text = readFileSync(page, 'utf8').replace(/```.*?```/gs, '');
    const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].filter(
      ([, path = '', anchor]) => {
        const target = path === '' ? page : normalize(join(dirname(page), path));
        return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      },
    );
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

test('docs/ARCHITECTURE.md says of everything in src what it is', () => {
  const page = readFileSync('docs/ARCHITECTURE.md', 'utf8').split('\n## Where things are\n')[1] ?? '';
  const named = [...page.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining(readdirSync('src')));
});

test('docs/TOOLS.md begins with every tool, and what is also typed for it', () => {
  const [table = ''] = readFileSync('docs/TOOLS.md', 'utf8').split('\n## ');
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| `') && !line.startsWith('| `configure`'));
  const wordsIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
  expect(rows.map((row) => row.split('|').slice(1, 3).map(wordsIn))).toEqual(
    tools.map(({ name, aliases = [] }) => [[name], [...aliases]]),
  );
});

test('what SECURITY.md says is held by a test is the name of one', () => {
  const section = readFileSync('SECURITY.md', 'utf8').split('| held by |')[1]?.split('\n\n')[0] ?? '';
  const names = section.split('\n').flatMap((line) => {
    const last = line.split('|').at(-2) ?? '';
    return [...last.matchAll(/`([\w/-]+)`/g)].map(([, name]) => name);
  });
  expect(names.length).toBeGreaterThan(8);
  for (const name of names) expect([name, existsSync(`__tests__/${name}.test.ts`)]).toEqual([name, true]);
});

describe('issue forms', () => {
  interface Form {
    readonly name: string;
    readonly description: string;
    readonly body: readonly {
      readonly type: string;
      readonly id?: string;
      readonly attributes: { readonly label?: string; readonly value?: string; readonly options?: string[] };
      readonly validations?: { readonly required: boolean };
    }[];
  }
  const FOLDER = '.github/ISSUE_TEMPLATE';
  const read = (name: string) => parse(readFileSync(join(FOLDER, name), 'utf8')) as Form;
  const forms = readdirSync(FOLDER).filter((name) => name !== 'config.yml');

  test.each(forms)('%s is what GitHub takes', (name) => {
    const { body, ...head } = read(name);
    expect([typeof head.name, typeof head.description]).toEqual(['string', 'string']);
    const fields = body.filter(({ type }) => type !== 'markdown');
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    for (const { type, id, attributes } of fields) {
      expect(type).toMatch(/^(?:input|textarea|dropdown|checkboxes)$/);
      expect(id).toMatch(/^[\w-]+$/);
      expect(attributes.label).toBeTruthy();
      expect(new Set(attributes.options).size).toBe(attributes.options?.length ?? 0);
    }
  });

  test('a fault comes with its code, and whoever reports it is told not to send tokens', () => {
    const { body } = read('fault.yml');
    expect(body.find(({ id }) => id === 'code')?.validations?.required).toBe(true);
    expect(body[0]?.attributes.value).toContain('Never paste a token');
  });
});

describe('dependencies', () => {
  test('new versions wait a week before Dependabot proposes them', () => {
    const { updates } = parse(readFileSync('.github/dependabot.yml', 'utf8')) as {
      updates: { 'package-ecosystem': string; cooldown?: { 'default-days': number } }[];
    };
    expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
    for (const { cooldown } of updates) expect(cooldown?.['default-days']).toBeGreaterThanOrEqual(7);
  });

  test('run no code at install time, and are exact', () => {
    expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
    const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    for (const version of Object.values({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^(?:\d+\.\d+\.\d+|file:stubs\/.+)$/);
    }
  });
});
