// nuget.config, Maven's settings and their like: a password belongs to the source or server that it is named after.
import { readXml, type XmlElement } from '../../xml.js';
import type { Pair, Reading, Source } from '../reading.js';
import { readPlain } from './plain.js';

/** Where a server's repository is named when the settings do not. */
const PROJECTS = ['pom.xml', 'build.gradle', 'build.gradle.kts'];

const PROBLEM = 'malformed XML; read as plain text';

/** Why it is no XML, if it is not. */
export function problemInXml(text: string): string | undefined {
  return readXml(text) === undefined ? PROBLEM : undefined;
}

export function readXmlFile(source: Source): Reading {
  // Of the same length, so that every offset stays what it is.
  const text = source.text.replaceAll('&quot;', '     "').replaceAll('&amp;', '    &');
  const plain = readPlain({ ...source, text });
  const root = readXml(source.text);
  if (root === undefined) return { ...plain, problem: PROBLEM };
  const elements = [...descendants(root)];
  const urls = urlsByName(elements, source);
  const lineOf = (offset: number) => source.text.slice(0, offset).split('\n').length;
  return {
    ...plain,
    pairs: pairsBelow(root, (element) => urls.get(nameOf(element)), lineOf),
    blocks: elements.filter(({ children }) => children.length > 0),
  };
}

function* descendants(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* descendants(child);
}

/** What refers to a source or repository: a server's `<id>`, or an element named as the source, as NuGet escapes it. */
function nameOf(element: XmlElement): string {
  const id = element.children.find(({ name }) => name === 'id')?.text;
  return (
    id ?? element.name.replace(/_x([0-9a-f]{4})_/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
  ).toLowerCase();
}

function urlsByName(elements: readonly XmlElement[], { nearby }: Source): Map<string, string> {
  const urls = new Map<string, string>();
  const collect = (found: readonly XmlElement[]) => {
    for (const { name, attributes, children } of found) {
      const id = name === 'add' ? attributes.get('key') : children.find((child) => child.name === 'id')?.text;
      const url =
        name === 'add' ? attributes.get('value') : children.find((child) => child.name === 'url')?.text;
      if (id !== undefined && url?.includes('://') && !urls.has(id.toLowerCase())) {
        urls.set(id.toLowerCase(), url);
      }
    }
  };
  collect(elements);
  const isSettings = elements.some(({ name }) => name === 'server');
  for (const project of isSettings ? nearby(PROJECTS) : []) {
    const root = readXml(project);
    if (root !== undefined) collect([...descendants(root)]);
  }
  return urls;
}

/** @param urlOf What the element's own name or ID is the name of. What is inside it belongs there, too. */
function pairsBelow(
  element: XmlElement,
  urlOf: (element: XmlElement) => string | undefined,
  lineOf: (offset: number) => number,
  owner?: string,
): Pair[] {
  const belongsTo = urlOf(element) ?? owner;
  return element.children.flatMap((child) => {
    const below = pairsBelow(child, urlOf, lineOf, belongsTo);
    const { name, written } = namedValue(child, element);
    if (written === '') return below;
    const pair = {
      name,
      written,
      line: lineOf(child.start),
      lastLine: lineOf(child.end),
      offset: child.start,
      isData: true,
    };
    return [belongsTo === undefined ? pair : { ...pair, belongsTo }, ...below];
  });
}

/** `<add key="X" value="Y"/>`, `<X>Y</X>`, or `<name>X</name><value>Y</value>`. */
function namedValue({ name, attributes, text }: XmlElement, parent: XmlElement) {
  const key = attributes.get('key') ?? attributes.get('name');
  const value = attributes.get('value');
  if (key !== undefined && value !== undefined) return { name: key, written: value };
  const beside = name === 'value' ? parent.children.find((child) => child.name === 'name')?.text : undefined;
  return { name: beside ?? name, written: text };
}
