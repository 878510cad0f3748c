// The only place that writes files of the user: what `patless scan --fix` has rewritten.
import { writeFileSync } from 'node:fs';

/** Keeps its mode; a link was never scanned, so none is followed. */
export function overwrite(path: string, content: string): void {
  writeFileSync(path, content);
}
