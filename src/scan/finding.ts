// What a scan reports: the contract of the JSON output, and what each word in it means.

/** What the PAT is for. */
export type Use =
  | 'git'
  | 'rest'
  | 'npm'
  | 'nuget'
  | 'python'
  | 'maven'
  | 'gradle'
  | 'cargo'
  | 'cli'
  | 'terraform'
  | 'docker'
  | 'marketplace'
  | 'unknown';

/**
 * From sure to less sure.
 * - certain: a PAT, or a stored secret in a place that takes a credential of Azure DevOps, or whose name says it is one;
 * - likely: what stands in a PAT's place, but where its value comes from cannot be seen here;
 * - possible: a hint, such as a value that has a PAT's shape, or a name alone.
 */
export const CONFIDENCES = ['certain', 'likely', 'possible'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** What is found in one file. */
export interface Detection {
  /** From 1. */
  readonly line: number;
  readonly use: Use;
  /** Its name, in lower case. */
  readonly organization: string | null;
  readonly confidence: Confidence;
  /** One sentence, without any secret. */
  readonly message: string;
  readonly replacement: string | null;
}

export interface Finding extends Detection {
  /** Below the path that was scanned, with forward slashes. */
  readonly file: string;
}

/** A file or folder that was not read, or not as what it is. */
export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

/** Whether the first is at least as sure as the second. */
export function isAtLeast(confidence: Confidence, threshold: Confidence): boolean {
  return CONFIDENCES.indexOf(confidence) <= CONFIDENCES.indexOf(threshold);
}
