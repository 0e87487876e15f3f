/** Words with quotation marks as a shell has them, and nothing else of a shell. */
export function readCommand(text: string): { argv: string[]; wrong?: string } {
  const argv: string[] = [];
  const word = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)/sy;
  let at = 0;
  for (let found = word.exec(text); found; found = word.exec(text)) {
    argv.push(unquoted(found[1] ?? ''));
    at = word.lastIndex;
  }
  return text.slice(at).trim() === '' ? { argv } : { argv, wrong: 'A quotation mark is never closed.' };
}

function unquoted(word: string): string {
  return word.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs,
    (_, double?: string, single?: string, one?: string) =>
      double === undefined ? (single ?? one ?? '') : double.replaceAll(/\\(["\\$`])/g, '$1'),
  );
}
