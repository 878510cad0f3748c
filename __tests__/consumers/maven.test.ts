import { describe, expect, test } from '@jest/globals';
import type { Facts, FoundFile } from '../../src/consumers/consumer.js';
import { maven } from '../../src/consumers/maven.js';
import { readXml } from '../../src/xml.js';
import { facts } from '../support/facts.js';
import { tokenFor } from '../support/tokens.js';

const FEED = 'https://pkgs.dev.azure.com/contoso/_packaging/packages/maven/v1';

function file(path: string, text: string): FoundFile {
  return { path, text };
}

function pom(inside: string, path = '/work/pom.xml'): FoundFile {
  return file(path, `<project>\n${inside}\n</project>`);
}

const repository = (id: string, url: string) => `<repository><id>${id}</id><url>${url}</url></repository>`;

function planned(found: Partial<Facts>, organization = 'contoso') {
  const effects = maven.plan(tokenFor(organization), facts(found));
  const settings = effects.find((effect) => effect.kind === 'file' && effect.path.endsWith('settings.xml'));
  const text = settings?.kind === 'file' ? String(settings.content) : '';
  return {
    text,
    servers: [...text.matchAll(/<server><id>(.*?)<.*?<password>(.*?)</g)].map(
      ([, id, password]) => `${id} ${password}`,
    ),
    variables: Object.fromEntries(
      effects.flatMap((effect) =>
        effect.kind === 'environment' ? [[effect.name, String(effect.value)]] : [],
      ),
    ),
  };
}

const inPoms = (...poms: string[]) => ({
  workspaceFiles: poms.map((inside, index) => pom(inside, `/work/${index}/pom.xml`)),
});
const OURS = '${env.PATLESS_TOKEN_CONTOSO}';

describe('server IDs', () => {
  test('of every kind of element that Maven looks a server up for, ours only', () => {
    const inside = `
      <repositories>${repository('a', FEED)}${repository('foreign', 'https://example.com/maven')}</repositories>
      <pluginRepositories><pluginRepository><id>b</id><url>${FEED}</url></pluginRepository></pluginRepositories>
      <distributionManagement>${repository('c', FEED)}
        <snapshotRepository><id>d</id><url>https://contoso.pkgs.visualstudio.com/_packaging/x/maven/v1</url></snapshotRepository>
        <site><id>e</id><url>${FEED}</url></site></distributionManagement>
      <profiles><profile><repositories>${repository('f', FEED)}</repositories></profile></profiles>`;
    expect(planned(inPoms(inside)).servers).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => `${id} ${OURS}`),
    );
  });

  test('with properties of any module filled in; one with two values is unknown', () => {
    const parent = `<properties><feed>${FEED}</feed><id>from-property</id><two>${FEED}</two></properties>`;
    const child = `<properties><two>x</two></properties>${repository('${id}', '${feed}')}${repository('unknown', '${two}')}`;
    expect(planned(inPoms(parent, child)).servers).toEqual([`from-property ${OURS}`]);
  });

  test('that name each other without end are given up', () => {
    const properties = `<properties><a>\${b}\${b}\${b}</a><b>\${a}\${a}\${a}</b></properties>`;
    expect(planned(inPoms(properties + repository('x', '${a}'))).servers).toEqual([]);
  });

  test('that are no plain names are left out: they become XML, and Maven fills placeholders in', () => {
    const ids = ['a&lt;/id>', '${env.X}', 'a b', '', 'x'.repeat(101)];
    expect(planned(inPoms(ids.map((id) => repository(id, FEED)).join(''))).servers).toEqual([]);
  });

  test('without any pom.xml are the names of the feeds, but not one that is taken', () => {
    const feeds = ['packages', 'central', 'mine'].map((name) => ({ name, project: undefined }));
    const user = file(
      '/home/.m2/settings.xml',
      '<settings><servers><server><id>mine</id></server></servers></settings>',
    );
    expect(planned({ feeds, userFiles: { 'maven-user-settings': user } }).servers).toEqual([
      `packages ${OURS}`,
    ]);
    expect(planned({ feeds, ...inPoms('') }).servers).toEqual([]);
  });
});

describe('refused by name, with the place', () => {
  test.each([
    ['another host', 'https://example.com/maven'],
    ['another organization', FEED.replace('contoso', 'fabrikam')],
    ['plain http', FEED.replace('https', 'http')],
    ['an unknown URL', '${env.FEED}'],
  ])('an ID that stands for %s, too', (_, url) => {
    expect(() => planned(inPoms(repository('a', FEED), repository('a', url)))).toThrow(
      'a at /work/1/pom.xml:2',
    );
  });

  test("Maven Central's own ID", () => {
    expect(() => planned(inPoms(repository('central', FEED)))).toThrow('central at /work/0/pom.xml:2');
  });

  test("a mirror of the user's with that ID", () => {
    const user = file(
      '/m2/settings.xml',
      '<settings>\n<mirrors><mirror><id>a</id><url>https://m.example</url></mirror></mirrors></settings>',
    );
    const found = { ...inPoms(repository('a', FEED)), userFiles: { 'maven-user-settings': user } };
    expect(() => planned(found)).toThrow('a at /m2/settings.xml:2');
  });

  test.each(['/home/.m2/settings.xml', '/work/settings.xml'])('a server of that ID in %s', (path) => {
    const settings = file(path, '<settings>\n<servers>\n<server><id>a</id></server></servers></settings>');
    const poms = inPoms(repository('a', FEED)).workspaceFiles;
    const found = path.startsWith('/work')
      ? { workspaceFiles: [...poms, settings] }
      : { workspaceFiles: poms, userFiles: { 'maven-user-settings': settings } };
    expect(() => planned(found)).toThrow(`a at ${path}:3`);
  });

  test('a URL that holds credentials, which are not repeated', () => {
    const url = FEED.replace('https://', 'https://me:secret@');
    expect(() => planned(inPoms(repository('a', url)))).toThrow(
      /^The URL of a feed holds credentials: \/work\/0\/pom.xml:2\.$/,
    );
  });
});

describe('settings', () => {
  test('are those of the installation, with our servers in them', () => {
    const installed = (text: string) => ({
      ...inPoms(repository('a', FEED)),
      userFiles: { 'maven-installed-settings': file('/maven/conf/settings.xml', text) },
    });
    const theirs = '<server><id>x</id></server>';
    for (const text of [
      `<!-- </settings> -->\n<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0"><offline>false</offline>\n</settings>\n<!-- </servers> -->`,
      `<settings><servers/><offline>false</offline></settings>`,
      `<settings><offline>false</offline><servers>${theirs}</servers></settings>`,
      `<settings><offline>false</offline></settings>`,
      `<settings><offline>false</offline><servers/></settings>`,
      `<settings><servers>${theirs}</servers ><offline>false</offline></settings>`,
    ]) {
      const root = readXml(planned(installed(text)).text);
      expect(root?.children.map(({ name }) => name).sort()).toEqual(['offline', 'servers']);
      const servers = root?.children.find(({ name }) => name === 'servers')?.children ?? [];
      expect(servers.map(({ children }) => children[0]?.text)).toEqual([
        ...(text.includes(theirs) ? ['x'] : []),
        'a',
      ]);
    }
  });

  test('block plain http, as Maven by itself, when the installation is not found', () => {
    expect(planned(inPoms('')).text).toContain('maven-default-http-blocker');
  });

  test('of an earlier call for another organization stay in force', () => {
    const poms = inPoms(repository('a', FEED), repository('b', FEED.replace('contoso', 'fabrikam')));
    const first = planned(poms);
    const second = planned(
      {
        ...poms,
        environment: { ...first.variables, MAVEN_ARGS: `-T2 ${first.variables.MAVEN_ARGS}` },
        folder: '/temp/second',
        userFiles: {
          'maven-earlier-settings': file(first.variables.PATLESS_MAVEN_SETTINGS ?? '', first.text),
        },
      },
      'fabrikam',
    );
    expect(second.servers).toEqual([`a ${OURS}`, 'b ${env.PATLESS_TOKEN_FABRIKAM}']);
    expect(second.variables.MAVEN_ARGS).toBe('-T2 -gs /temp/second/settings.xml');
  });
});

describe('into force', () => {
  const old = { 'maven-script': { path: '/maven/bin/mvn', text: 'exec java $MAVEN_OPTS' } };

  test('by MAVEN_ARGS, unless the mvn that is installed does not know it', () => {
    expect(planned({}).variables.MAVEN_ARGS).toMatch(/^-gs .*\/settings\.xml$/);
    const { variables } = planned({ userFiles: old, environment: { MAVEN_OPTS: '-Xmx1g' } });
    expect(variables.MAVEN_ARGS).toBeUndefined();
    expect(variables.MAVEN_OPTS).toMatch(/^-Xmx1g -Dmaven\.conf=\/temp\/patless-\S+ -Dorg\.slf4j/);
  });

  test('a second call takes the place of the first', () => {
    const first = planned({ userFiles: old });
    const second = planned({ userFiles: old, folder: '/temp/second', environment: first.variables });
    expect(second.variables.MAVEN_OPTS?.match(/maven\.conf=\S+|showLogName/g)).toEqual([
      'showLogName',
      'maven.conf=/temp/second',
    ]);
  });

  test('global settings of the user in the same variable are named, not dropped', () => {
    expect(() => planned({ environment: { MAVEN_ARGS: '-B -gs own.xml' } })).toThrow('MAVEN_ARGS');
    expect(() => planned({ userFiles: old, environment: { MAVEN_OPTS: '-Dmaven.conf=/own' } })).toThrow(
      'MAVEN_OPTS',
    );
  });

  test('a temp folder with a space in its path is refused', () => {
    expect(() => planned({ folder: '/temp folder/x' })).toThrow('splits');
  });
});
