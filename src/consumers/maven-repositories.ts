// What pom.xml and settings.xml say of repositories and servers, with the place, so that a message can name it.
import { readXml, type XmlElement } from '../xml.js';
import type { FoundFile } from './consumer.js';

/** An element that Maven looks a server up for, by its ID. */
export interface Repository {
  readonly id: string;
  /** With properties filled in, as far as they are known. */
  readonly url: string;
  /** "FILE:LINE" */
  readonly place: string;
}

export interface Server {
  readonly id: string;
  readonly password: string;
  readonly place: string;
}

const REPOSITORIES = new Set(['repository', 'pluginRepository', 'snapshotRepository', 'site', 'mirror']);
/** Longer ones come from properties that name each other. */
const LONGEST_URL = 2000;

export function repositoriesIn(files: readonly FoundFile[]): Repository[] {
  const properties = propertiesOf(files);
  return files.flatMap((file) =>
    elements(readXml(file.text)).flatMap((element) => {
      const [id, url] = [textOf(element, 'id'), textOf(element, 'url')].map((text) =>
        fillIn(text, properties),
      );
      return REPOSITORIES.has(element.name) && id && url ? [{ id, url, place: placeOf(element, file) }] : [];
    }),
  );
}

export function serversIn(files: readonly (FoundFile | undefined)[]): Server[] {
  return files.flatMap((file) =>
    elements(readXml(file?.text ?? '')).flatMap((element) =>
      file !== undefined && element.name === 'server'
        ? [
            {
              id: textOf(element, 'id'),
              password: textOf(element, 'password'),
              place: placeOf(element, file),
            },
          ]
        : [],
    ),
  );
}

/** A property that has several values, say in two modules, is in none of the repositories filled in. */
function propertiesOf(files: readonly FoundFile[]): Map<string, string> {
  const found = new Map<string, Set<string>>();
  for (const { text } of files) {
    for (const { children } of elements(readXml(text)).filter(({ name }) => name === 'properties')) {
      for (const child of children) {
        found.set(child.name, (found.get(child.name) ?? new Set()).add(child.text));
      }
    }
  }
  return new Map(
    [...found].flatMap(([name, values]) => (values.size === 1 ? [[name, [...values].join()]] : [])),
  );
}

function fillIn(text: string, properties: ReadonlyMap<string, string>): string {
  let filled = text;
  for (let depth = 0; depth < 5 && filled.length < LONGEST_URL; depth++) {
    filled = filled
      .slice(0, LONGEST_URL)
      .replace(
        /\$\{([^{}]{1,100})\}/g,
        (whole, name) => properties.get(name)?.slice(0, LONGEST_URL) ?? whole,
      );
  }
  return filled;
}

function elements(root: XmlElement | undefined): XmlElement[] {
  return root === undefined ? [] : [root, ...root.children.flatMap(elements)];
}

function textOf({ children }: XmlElement, name: string): string {
  return children.find((child) => child.name === name)?.text ?? '';
}

function placeOf({ start }: XmlElement, { path, text }: FoundFile): string {
  return `${path}:${text.slice(0, start).split('\n').length}`;
}
