// After the job: undoes what the receipts say. It never fails the job and makes no network call.
import { type Receipt, undo } from './effects.js';
import { isOurFolder } from './files.js';
import type { PostHost } from './hosts/host.js';
import { isObject, textMember } from './json.js';

export function cleanup(host: PostHost): void {
  try {
    const receipts = readReceipts(host.readState(), host.temp);
    if (receipts.length === 0) return;
    undo(receipts, host);
    host.log(`Took back ${receipts.length} variables and folders that later steps were given.`);
  } catch (error) {
    host.log(
      `Warning: patless could not clean up after itself: ${error instanceof Error ? error.message : error}. ` +
        "What it had set ends with the job's own clean-up; on a machine that goes on, remove the folders patless-… from its folder for temporary files.",
    );
  }
}

/** State can be tampered with by any step of the job; what does not read like a receipt is left alone. */
function readReceipts(state: string, temp: string): Receipt[] {
  const list: unknown = state === '' ? [] : JSON.parse(state);
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).flatMap((entry): Receipt[] => {
    const folder = textMember(entry, 'folder');
    if (folder !== undefined) return isOurFolder(folder, temp) ? [{ folder }] : [];
    const variable = textMember(entry, 'variable');
    const before = textMember(entry, 'before');
    if (variable === undefined || !/^[A-Za-z_][\w.-]*$/.test(variable) || before === undefined) return [];
    // Written as NAME=value, a value of several lines would define more variables than the one it names.
    return [{ variable, before: /[\r\n]/.test(before) ? '' : before }];
  });
}
