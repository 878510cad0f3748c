// A file as a scan judges it: named values, commands, and the blocks that they stand in.
import type { Command } from './text.js';

/** From the first character's offset to that after the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What kind of file it is: that decides what `$(X)` means, and what is offered in a PAT's place. */
export type Setting = 'github' | 'pipelines' | 'docker' | 'other';

/** A named value: a variable, an input, a setting. */
export interface Pair {
  readonly name: string;
  /** As written: a value or an expression. */
  readonly written: string;
  readonly line: number;
  /** Of its last line. */
  readonly lastLine: number;
  readonly offset: number;
  /** From a file whose entries are data, not a program's code. */
  readonly isData: boolean;
  /** What says more than the text around it: the URL of the feed that it is the password for. */
  readonly belongsTo?: string;
}

export interface Reading {
  readonly setting: Setting;
  /** The text to judge by: without what is commented out as a block. */
  readonly text: string;
  readonly pairs: readonly Pair[];
  readonly commands: readonly Command[];
  /** Mappings, steps, jobs, sections, paragraphs. */
  readonly blocks: readonly Range[];
  /** Why it could not be read as what its name says. */
  readonly problem?: string;
}

/** One file, and what it may look up beside it. */
export interface Source {
  /** Below the path that was scanned, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Texts of the files of these names in its folder and those above it, nearest first. */
  nearby(names: readonly string[]): readonly string[];
}
