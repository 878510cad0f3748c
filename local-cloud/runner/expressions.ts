// Evaluates GitHub's ${{ expressions }} with GitHub's own library.
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

export type Contexts = Readonly<Record<string, unknown>>;

/** Replaces every ${{ … }} in the text. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression, contexts).coerceString(),
  );
}

/** An `if:` as the runner reads it: with or without ${{ }}, and `success()` unless a status function is named. */
export function isTrue(condition: string, contexts: Contexts, failed: boolean): boolean {
  const expression = condition.trim().replace(/^\$\{\{(.*)\}\}$/s, '$1');
  const named = /\b(?:always|success|failure|cancelled)\s*\(/.test(expression);
  if (!named && failed) return false;
  return evaluate(expression, contexts, failed).coerceString() === 'true';
}

function evaluate(expression: string, contexts: Contexts, failed = false) {
  const status = { always: true, success: !failed, failure: failed, cancelled: false };
  const functions = Object.entries(status).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const table = new Map(functions.map((definition) => [definition.name, definition]));
  const result = new Evaluator(tree, toData(contexts) as data.Dictionary, table).evaluate();
  const isBoolean = result.kind === data.Kind.Boolean;
  return isBoolean || result.primitive ? result : new data.StringData('Object');
}

function toData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver) as data.ExpressionData;
}
