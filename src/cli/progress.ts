// How far a scan is: by the entries of the folders named, such as one for each repository, since nobody counts files twice.
import { readdirSync, statSync } from 'node:fs';
import { printable } from '../printable.js';

const WIDTH = 20;

/** @param roots What is scanned, in this order. @returns a line for the place where the scan is. */
export function progressOf(roots: readonly string[]) {
  const orders = roots.map((root) => new Map(entriesOf(root).map((name, index) => [name, index])));
  return (rootIndex: number, file: string, files: number): string => {
    const order = orders[rootIndex];
    const inside = (order?.get(file.split('/')[0] ?? '') ?? 0) / Math.max(1, order?.size ?? 1);
    const share = (rootIndex + inside) / roots.length;
    const bar = '#'.repeat(Math.floor(share * WIDTH)).padEnd(WIDTH, '.');
    return `[${bar}] ${Math.floor(share * 100)} %  ${files} files  ${printable(file).slice(0, 40)}`;
  };
}

function entriesOf(root: string): string[] {
  try {
    return statSync(root).isDirectory() ? readdirSync(root).sort() : [];
  } catch {
    return [];
  }
}
