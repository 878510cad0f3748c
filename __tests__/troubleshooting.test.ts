// Ties docs/TROUBLESHOOTING.md to the codes: neither can grow or change without the other.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { PLAYED_REFUSALS } from '../local-cloud/entra-refusals.js';
import { REFUSALS as AZURE_DEVOPS } from '../src/azure-devops/refusals.js';
import { REFUSALS as ENTRA } from '../src/entra/refusal-table.js';

const page = readFileSync('docs/TROUBLESHOOTING.md', 'utf8');
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return [heading, lines.join('\n').split(/^## /m)[0] ?? ''];
    }),
);
const codesOf = (pattern: RegExp) => [...sections.keys()].filter((heading) => pattern.test(heading));

test('every code of patless has a section, and no other', () => {
  const source = readFileSync('src/errors.ts', 'utf8');
  const type = /export type ErrorCode =([^;]+);/.exec(source)?.[1] ?? '';
  const codes = [...type.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  expect(codesOf(/^[A-Z]+_[A-Z_]+$|^NETWORK$|^TIMEOUT$|^UNEXPECTED$/)).toEqual(codes);
});

test('every AADSTS code has a section, and no other', () => {
  expect(codesOf(/^AADSTS/)).toEqual(Object.keys(ENTRA).map((code) => `AADSTS${code}`));
});

describe('the section says what the message says', () => {
  test.each(Object.entries(ENTRA))('AADSTS%s', (code, { happened, cure, command }) => {
    const section = sections.get(`AADSTS${code}`) ?? '';
    const placed = (text: string) =>
      text.replaceAll('{client-id}', 'CLIENT_ID').replaceAll('{tenant-id}', 'TENANT_ID');
    for (const text of [happened, cure, command ?? '']) expect(section).toContain(placed(text));
    // The text that users search for, up to where an ID begins.
    const beginning = PLAYED_REFUSALS[Number(code)]?.text('\0').split('\0')[0] ?? '';
    expect(section).toContain(beginning);
  });

  test.each(Object.entries(AZURE_DEVOPS))('%s', (code, { happened }) => {
    expect(sections.get(code)).toContain(happened);
    expect(sections.get(code)).toMatch(new RegExp(`^> ${code}: .{20,}`, 'm'));
  });
});

test('every code of Azure DevOps has a section, and no other', () => {
  expect(codesOf(/^(?:TF|VS)\d/)).toEqual(Object.keys(AZURE_DEVOPS));
});
