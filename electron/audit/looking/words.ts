/** A kind as one word of the search index: `tool.invoked` → `tool0invoked`. Kinds are lower case letters, dots and underscores. */
export function kindWord(kind: string): string {
  return kind.replaceAll('.', '0').replaceAll('_', '1');
}

/** What a person typed, as an FTS5 expression: every word must occur, a trailing star matches beginnings. */
export function wordsExpression(text: string): string | null {
  const words = text.match(/[\p{L}\p{N}]+\*?/gu) ?? [];
  if (words.length === 0) return null;
  return words.map((word) => (word.endsWith('*') ? `"${word.slice(0, -1)}" *` : `"${word}"`)).join(' AND ');
}

/** Kinds and families (`tool.*`) as an FTS5 expression on the kind's column. */
export function kindsExpression(kinds: readonly string[]): string {
  const terms = kinds.map((kind) =>
    kind.endsWith('.*') ? `"${kindWord(kind.slice(0, -1))}" *` : `"${kindWord(kind)}"`,
  );
  return `kind : (${terms.join(' OR ')})`;
}
