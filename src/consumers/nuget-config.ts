// What nuget.config files say of package sources: their names and addresses, and credentials that stand beside them.
import { readXml, type XmlElement } from '../xml.js';
import type { FoundFile } from './consumer.js';

export interface PackageSource {
  readonly name: string;
  readonly url: string;
}

export interface SourceCredentials {
  readonly source: string;
  /** "path:line" of the password. */
  readonly place: string;
  /** A password that is nothing but `%VARIABLE%`: somebody's habit, but nobody's secret. */
  readonly isPlaceholder: boolean;
}

export function packageSources(files: readonly FoundFile[]): PackageSource[] {
  return files.flatMap(({ text }) =>
    entries(readXml(text), 'packageSources').flatMap(({ name, attributes }) => {
      const [key, value] = ['key', 'value'].map((attribute) => attributes.get(attribute));
      return name === 'add' && key && value ? [{ name: key, url: value }] : [];
    }),
  );
}

export function sourceCredentials(files: readonly FoundFile[]): SourceCredentials[] {
  return files.flatMap(({ path, text }) =>
    entries(readXml(text), 'packageSourceCredentials').flatMap((section) =>
      section.children
        .filter(({ attributes }) => /^(?:cleartext)?password$/i.test(attributes.get('key') ?? ''))
        .map(({ attributes, start }) => ({
          source: decodedName(section.name),
          place: `${path}:${text.slice(0, start).split('\n').length}`,
          isPlaceholder: /^%\w+%$/.test(attributes.get('value') ?? ''),
        })),
    ),
  );
}

function entries(root: XmlElement | undefined, section: string): XmlElement[] {
  return (root?.children ?? []).filter(({ name }) => name === section).flatMap(({ children }) => children);
}

/** Names are written as XML names there: a space is `_x0020_` (.NET, XmlConvert.EncodeLocalName). */
function decodedName(name: string): string {
  return name.replace(/_x([0-9a-f]{4})_/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
