// Who uses the token: a consumer says what it needs to know and plans effects; it does nothing itself.
import type { Feed } from '../azure-devops/feeds.js';
import type { OrganizationToken } from '../azure-devops/verify.js';
import type { Effect } from '../effects.js';
import type { Program } from '../program.js';

/** What a consumer may ask for; surroundings.ts gathers it. */
export type Need =
  | { readonly kind: 'environment'; readonly names: RegExp }
  /**
   * The user's own configuration: at the path that the variable holds (with `inFolder`: that file in the folder which
   * the variable names), else at `path` below HOME.
   */
  | {
      readonly kind: 'user-file';
      readonly name: string;
      readonly variable?: string;
      readonly inFolder?: string;
      readonly path?: string;
    }
  /** A file of the installation that this program on the PATH belongs to: `path` is relative to its folder, links resolved. */
  | {
      readonly kind: 'beside-program';
      readonly name: string;
      readonly program: string;
      readonly path: string;
    }
  /** Whether a file or folder is there, at `path` below HOME. */
  | { readonly kind: 'user-path'; readonly path: string }
  /** Files of these names, or of these paths in any folder of the checked-out project; hostile input. */
  | { readonly kind: 'workspace-files'; readonly names: readonly string[] }
  /** Whether a program of this name is on the PATH. */
  | { readonly kind: 'executable'; readonly name: string }
  | { readonly kind: 'feeds' };

export interface FoundFile {
  readonly path: string;
  readonly text: string;
}

export interface Facts {
  readonly environment: Readonly<Record<string, string>>;
  /** Where the run's files may be planned; apply() makes it with the first one. */
  readonly folder: string;
  /** For a tool that asks for the token when it needs it. */
  readonly program: Program;
  /** The user's and the installations', by the need's name. */
  readonly userFiles: Readonly<Record<string, FoundFile>>;
  /** Those asked for that are there. */
  readonly userPaths: ReadonlySet<string>;
  readonly workspaceFiles: readonly FoundFile[];
  readonly executables: ReadonlySet<string>;
  /** Empty when they could not be listed. */
  readonly feeds: readonly Feed[];
}

export interface Consumer {
  /** As `configure` names it. */
  readonly name: string;
  readonly needs: readonly Need[];
  /** Pure: the same token and facts give the same effects. @throws PatlessError for facts it cannot work with. */
  plan(token: OrganizationToken, facts: Facts): Effect[];
}
