// XML as plain data with positions. Imported late: the library is loaded only for tools whose files are XML.
import { XmlElement as ParsedElement, parseXml, XmlText } from '@rgrove/parse-xml';

export interface XmlElement {
  /** Without a namespace prefix. */
  readonly name: string;
  /** Its own text, trimmed. */
  readonly text: string;
  /** Offsets in the text that was read. */
  readonly start: number;
  readonly end: number;
  readonly children: readonly XmlElement[];
}

/** The root element; undefined for what is not well-formed. Entities of a document type are not expanded. */
export function readXml(text: string): XmlElement | undefined {
  try {
    const { root } = parseXml(text, { ignoreUndefinedEntities: true, includeOffsets: true });
    return root === null ? undefined : plain(root);
  } catch {
    // Also a nesting so deep that the stack does not hold it.
    return undefined;
  }
}

function plain(element: ParsedElement): XmlElement {
  return {
    name: element.name.replace(/^.*:/, ''),
    text: element.children
      .map((child) => (child instanceof XmlText ? child.text : ''))
      .join('')
      .trim(),
    start: element.start,
    end: element.end,
    children: element.children.flatMap((child) => (child instanceof ParsedElement ? plain(child) : [])),
  };
}
