import { expect, test } from '@jest/globals';
import { nearest } from '../src/nearest.js';

const TOOLS = ['git', 'npm', 'pnpm', 'nuget', 'terraform', 'az-devops'];

test.each([
  ['nmp', 'npm'],
  ['gti', 'git'],
  ['gitt', 'git'],
  ['nugte', 'nuget'],
  ['terafrom', 'terraform'],
  ['azdevops', 'az-devops'],
  ['maven', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%.12s: %s', (typed, expected) => expect(nearest(typed, TOOLS)).toBe(expected));
