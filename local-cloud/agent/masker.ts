// What the Azure Pipelines agent hides: each value and three encodings of it, but not Base64
// (azure-pipelines-agent, HostContext.cs, AdditionalMaskingRegexes.cs).
import { FormMasker } from '../masker.js';

/** AZP_IGNORE_SECRETS_SHORTER_THAN counts up to this. */
const MOST_IGNORED = 6;
/** The password in a URL. */
const URL_PASSWORD = /(?<=\/\/[^:/?#\n]+:)(?:[\w.~\-!$&'()*+,;=:]|(?:%|%AZP25)[0-9a-fA-F]{2})+(?=@)/g;

export class AgentMasker extends FormMasker {
  /** @param ignoreShorterThan secrets with fewer characters stay readable */
  constructor(ignoreShorterThan = 0) {
    const least = Math.min(ignoreShorterThan, MOST_IGNORED);
    super((value) => (value.length < least ? [] : derivedForms(value)), [URL_PASSWORD]);
  }
}

function derivedForms(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), uriDataEscaped(secret), withoutBackslashes(secret)];
}

function uriDataEscaped(text: string): string {
  const percent = (c: string) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, percent);
}

/** The agent calls it "backslash escape", but it takes the backslashes away. */
function withoutBackslashes(text: string): string {
  return text.replaceAll('\\\\', '\\').replaceAll("\\'", "'").replaceAll('\\"', '"').replaceAll('\\t', '\t');
}
