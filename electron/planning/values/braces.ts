/** Nothing begins within a row of braces: each is looked at once, however long it is. */
const braced = /(?<!\{)(\{+)([A-Za-z][A-Za-z0-9_.-]*(?:\.\*)?)(\}+)/g;

/**
 * Puts values in the place of `{word}`, once: what a value says is never looked at again. A word in more pairs of
 * braces stands for itself with one pair less. What is no word of these stays as it is.
 */
export function fillBraces(
  text: string,
  isWord: (word: string) => boolean,
  valueOf: (word: string) => string,
): string {
  return text.replaceAll(braced, (whole: string, opening: string, word: string, closing: string) => {
    if (!isWord(word)) return whole;
    const pairs = Math.min(opening.length, closing.length);
    const [before, after] = [opening.slice(pairs), closing.slice(pairs)];
    return (
      before +
      (pairs === 1 ? valueOf(word) : `${opening.slice(1, pairs)}${word}${closing.slice(1, pairs)}`) +
      after
    );
  });
}

/** Writes a text so that `fillBraces` gives it back as it is. */
export function keepBraces(text: string, isWord: (word: string) => boolean): string {
  return text.replaceAll(braced, (whole: string, _opening: string, word: string) =>
    isWord(word) ? `{${whole}}` : whole,
  );
}

/** The words that a text names in one pair of braces. */
export function wordsIn(text: string): string[] {
  return [...text.matchAll(braced)]
    .filter(([, opening = '', , closing = '']) => Math.min(opening.length, closing.length) === 1)
    .map(([, , word = '']) => word);
}
