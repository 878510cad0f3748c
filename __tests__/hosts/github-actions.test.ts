// The flush of masks, in a process of its own whose output nobody reads for a while.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { NODE, PROJECT } from '../support/cloud.js';

const PROGRAM = `
import { writeFileSync } from 'node:fs';
import { githubActions } from '${PROJECT}build/src/hosts/github-actions.js';
for (let i = 0; i < 2000; i++) githubActions.log('x'.repeat(900));
await githubActions.mask(['a-secret-value']);
writeFileSync(process.argv[1], 'the masks are out');
`;

test('mask resolves only when the masks have left the process, behind a full pipe too (F2)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flush-'));
  const marker = join(folder, 'marker');
  const child = spawn(NODE, ['--input-type=module', '--eval', PROGRAM, marker], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await setTimeout(2000);
  expect(existsSync(marker)).toBe(false);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(output).toContain('::add-mask::a-secret-value');
  expect(existsSync(marker)).toBe(true);
  rmSync(folder, { recursive: true });
});

test('a mask of several lines, say of a decoded proxy password, stays one command (F16)', () => {
  const program = `
    import { githubActions } from '${PROJECT}build/src/hosts/github-actions.js';
    await githubActions.mask(['50%\\r\\n::set-output name=a::b']);`;
  const output = execFileSync(NODE, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(output.trim()).toBe('::add-mask::50%25%0D%0A::set-output name=a::b');
});
