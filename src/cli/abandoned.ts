// Folders of earlier calls that were killed before they could take their credentials away.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isOurFolder, remove, writeNew } from '../files.js';
import { isAlive } from './turns.js';

/** In a folder that ends with the process that this file names. */
const OWNER_FILE = 'process';

export function endsWithUs(folder: string): void {
  writeNew(join(folder, OWNER_FILE), { content: String(process.pid) });
}

/** @param temp May be a folder in which everybody writes: only this user's own folders are looked at. */
export function removeAbandoned(temp: string): void {
  for (const folder of readdirSync(temp).map((name) => join(temp, name))) {
    if (isOurFolder(folder, temp) && isAbandoned(folder)) remove(folder);
  }
}

function isAbandoned(folder: string): boolean {
  try {
    const { uid } = lstatSync(folder);
    const owner = Number(readFileSync(join(folder, OWNER_FILE), 'utf8'));
    return uid === userInfo().uid && owner > 0 && !isAlive(owner);
  } catch {
    return false;
  }
}
