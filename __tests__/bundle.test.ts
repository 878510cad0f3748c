// Guards what start-up costs by what can be counted, so that it holds on any machine: bytes, not times.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { bundle, bytesIn } from '../scripts/ncc.js';

const KB = 1000;

test('main is at most 100 kB larger than the required libraries alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'libraries-'));
  bundle('build/local-cloud/bench/libraries.js', folder);
  const libraries = bytesIn(folder);
  rmSync(folder, { recursive: true });
  expect(libraries).toBeGreaterThan(200 * KB);
  expect(bytesIn('dist/github-main') - libraries).toBeLessThan(100 * KB);
});

test.each(['github-main', 'pipelines-main'])(
  'what %s loads before its first request is at most 120 kB',
  (program) => {
    expect(statSync(`dist/${program}/index.js`).size).toBeLessThan(120 * KB);
  },
);

test.each(['github-post', 'pipelines-post'])('%s is at most 70 kB', (program) => {
  expect(bytesIn(`dist/${program}`)).toBeLessThan(70 * KB);
});

test('what a tool waits for whenever it asks for the token is at most 20 kB', () => {
  expect(statSync('dist/cli/index.js').size).toBeLessThan(20 * KB);
});
