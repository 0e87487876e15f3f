type Variables = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

/**
 * What is set by later ones goes before, but for JSON: some programs take all of their configuration from one variable,
 * where each has a part of it. Of the declared ones only what is joined is said again.
 */
export function joinedVariables(declared: Variables, ...later: readonly Variables[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const variables of later) {
    for (const [key, text] of Object.entries(variables)) {
      joined[key] = joinedTexts(joined[key] ?? declared[key], text);
    }
  }
  return joined;
}

/** Both where both are JSON, the later one before the other; else the later one alone. */
export function joinedTexts(one: string | undefined, other: string): string {
  const [before, after] = [fieldsIn(one), fieldsIn(other)];
  return before && after ? JSON.stringify(together(before, after)) : other;
}

function together(one: Fields, other: Fields): Fields {
  const both = Object.entries(other).map(([key, value]) => {
    const before = Object.hasOwn(one, key) ? one[key] : undefined;
    return [key, isFields(before) && isFields(value) ? together(before, value) : value];
  });
  return { ...one, ...(Object.fromEntries(both) as Fields) };
}

function fieldsIn(text: string | undefined): Fields | null {
  if (text?.startsWith('{') !== true) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
