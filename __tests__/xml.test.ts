import { expect, test } from '@jest/globals';
import { readXml } from '../src/xml.js';

test('elements with their attributes, text and place', () => {
  const text = '\ufeff<?xml version="1.0"?>\n<!-- c --><a:root x="1 &amp; 2">\n  <b> t </b></a:root>';
  const root = readXml(text);
  expect(root).toMatchObject({ name: 'root', children: [{ name: 'b', text: 't', children: [] }] });
  expect(root?.attributes.get('x')).toBe('1 & 2');
  expect(text.slice(root?.children[0]?.start)).toMatch(/^<b>/);
});

test.each([
  ['nothing', ''],
  ['half of a file', '<a><b></a>'],
  ['a nesting beyond the stack', '<a>'.repeat(60_000) + '</a>'.repeat(60_000)],
])('%s gives nothing', (_, text) => {
  expect(readXml(text)).toBeUndefined();
});

test('entities are not expanded: neither files nor a billion laughs', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY f SYSTEM "file:///etc/passwd">]><a>&x;&f;</a>`;
  expect(readXml(bomb)?.text).toBe('&x;&f;');
});

test('an attribute by the name of a member of every object is an attribute', () => {
  const root = readXml('<a __proto__="p" constructor="c"/>');
  expect([...(root?.attributes ?? [])]).toContainEqual(['constructor', 'c']);
});

test('offsets hold over line ends of Windows', () => {
  const text = '<!DOCTYPE p [<!ENTITY x "y">]>\r\n\r\n<p>é😀\r\n<id>&x;<![CDATA[ a ]]></id></p>';
  const id = readXml(text)?.children[0];
  expect(text.slice(id?.start, id?.end)).toBe('<id>&x;<![CDATA[ a ]]></id>');
  expect(id?.text).toBe('&x; a');
});
