// One form in which a command, script or program hands a credential over.
import type { Use } from '../finding.js';
import { VALUE } from '../value.js';

export interface Form {
  /** A quick look whether the slot can be there at all. */
  readonly only?: RegExp;
  /** The program that the command starts, or what else tells the form; before the slot. */
  readonly after?: RegExp;
  /** Its last group is the credential. */
  readonly slot: RegExp;
  /** Where the host that the credential goes to has to be named. */
  readonly where: 'here' | 'around' | 'anywhere';
  readonly use: Use | 'around' | ((match: RegExpMatchArray, command: string) => Use);
  readonly does: string;
  readonly configure?: string;
  readonly isLoose?: boolean;
  readonly isEncoding?: boolean;
  /** The group is what stands between the brackets of a call. */
  readonly isCall?: boolean;
  /** The group is `user:password`, in which either may be the credential. */
  readonly isUserInfo?: boolean;
}

export const QUOTE = '\\\\?["\'`]?';
export const REST_OF_LINE = '([^\\r\\n]{1,600})';

/** The value of an option of a command line. */
export const option = (names: string) =>
  new RegExp(`(?<=\\s)(?:${names})(?:\\s+|[=:]\\s*)${QUOTE}(${VALUE})`, 'gi');
