// Reads JSON from outside, without trusting its shape.

export type JsonObject = Readonly<Record<string, unknown>>;

/** @returns undefined when the text is not a JSON object. */
export function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that should be text: its value, or undefined when it is absent or of another type. */
export function textMember(object: JsonObject | undefined, name: string): string | undefined {
  const value = object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** What stands at the path of members, or undefined. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (inner: unknown, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );
}
