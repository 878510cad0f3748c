// Which variables a text sets, and to what: so that a credential can be followed from its source to its use.
import { VALUE } from './value.js';

export interface Assignment {
  readonly name: string;
  /** As written: a value or an expression. */
  readonly written: string;
  /** Of the name, in the text. */
  readonly index: number;
}

const ASSIGNED =
  /(?<![\w.$:/-])(?!(?:variable|issecret|isoutput|isreadonly)=)(?:\$(?:env:|global:|script:)?|-D)?["']?([A-Za-z_][\w.-]{0,100})["']?\]?[ \t]{0,20}(?::=|\+=|\?=|=(?![=~>])|=>|:(?=[\s"'$]))[ \t]{0,20}(?=([^\r\n]{1,600}))/g;
const SET_VARIABLE =
  /##vso\[task\.setvariable\s{1,5}variable=([\w.-]{1,100})[^\]\r\n]{0,100}\](?=([^\r\n]{1,600}))/gi;
const XML_PAIR =
  /\b(?:key|name)\s?=\s?["']([\w.:-]{1,100})["']\s{1,20}value\s?=\s?["']([^"'\r\n]{0,600})["']/gi;
/** `ENV NAME value`, `setx NAME value`, Groovy's `password "value"`, INI keys with a dot or a sign before them. */
const SPACED =
  /^[ \t]{0,100}(?:ENV|ARG|setx)[ \t]{1,5}([A-Za-z_]\w{0,100})[ \t]{1,5}(?=([^\s=][^\r\n]{0,600}))|^[ \t]{0,100}(password|username|token)[ \t]{1,5}(?=(["'(A-Za-z$][^\r\n]{0,600}))/g;
/** An argument of `docker build`, which has its value from outside. */
const ARGUMENT = /^[ \t]{0,20}ARG[ \t]{1,5}([A-Za-z_]\w{0,100})[ \t]{0,20}$/gm;
const LEADING_VALUE = new RegExp(`^${VALUE}`);

export function assignmentsIn(text: string): Assignment[] {
  const given = [...text.matchAll(ARGUMENT)].map(({ 1: name = '', index }) => ({
    name,
    written: `\${${name}}`,
    index,
  }));
  const set = [ASSIGNED, SET_VARIABLE, XML_PAIR, SPACED].flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => {
      const [name, written] = match.slice(1).filter((group) => group !== undefined);
      return { name: name ?? '', written: oneValue(written ?? ''), index: match.index };
    }),
  );
  return [...given, ...set];
}

/** Up to the closing quote, or one word; a command in brackets, or a call, goes to the end of the line. */
function oneValue(rest: string): string {
  const quote = /^[fF@$]{0,2}(\\?["'`])/.exec(rest)?.[1];
  if (quote !== undefined) {
    const start = rest.indexOf(quote) + quote.length;
    const end = rest.indexOf(quote.slice(-1), start);
    const isAlone = end < 0 || /^["'`\s]*(?:$|[,;)}\]\s&|#])(?!\s*[+|])/.test(rest.slice(end + 1));
    return isAlone && end >= 0 ? rest.slice(start, end).replace(/\\$/, '') : rest;
  }
  // $(System.AccessToken) is a value, $(printf ':%s' "$PAT" | base64) a command.
  if (/^\$\((?![\w.-]{1,100}\))|^`/.test(rest)) return rest;
  const word = LEADING_VALUE.exec(rest)?.[0] ?? '';
  // Calls and operators of programs and of PowerShell: `[Convert]::ToBase64String(…)`, `os.environ["X"]`, `a + b`.
  const after = rest.slice(word.length);
  const isExpression =
    /^(?:["'(]|\s*[+|]|\s*\?\?|\s+-(?:f|join)\b)/.test(after) ||
    /\w\($|\[$|\]::/.test(word) ||
    /[([]/.test(word);
  return word === '' || isExpression ? rest : word;
}
