/**
 * How well a text matches what was typed: every letter in order, better at the beginnings of words
 * and in a row. Null where it does not match. No library: the palette needs these forty lines.
 */
export function matchScore(typed: string, text: string): number | null {
  const wanted = typed.toLowerCase().replaceAll(/\s+/g, '');
  if (wanted === '') return 0;
  const letters = text.toLowerCase();
  let best: number | null = null;
  for (
    let start = letters.indexOf(wanted[0] ?? '');
    start >= 0;
    start = letters.indexOf(wanted[0] ?? '', start + 1)
  ) {
    const score = scoreFrom(wanted, letters, start);
    if (score !== null && (best === null || score > best)) best = score;
  }
  return best;
}

function scoreFrom(wanted: string, letters: string, start: number): number | null {
  let score = 0;
  let at = start;
  for (let i = 0; i < wanted.length; i++) {
    const letter = wanted[i] ?? '';
    const found = nextBest(letters, letter, at, i === 0);
    if (found < 0) return null;
    if (beginsWord(letters, found)) score += 8;
    if (i > 0 && found === at) score += 6;
    score -= Math.min(found - at, 6) / 2;
    at = found + 1;
  }
  return score - letters.length / 100;
}

/** The letter right here if it is, otherwise at the beginning of a later word, otherwise anywhere later. */
function nextBest(letters: string, letter: string, at: number, first: boolean): number {
  if (first || letters[at] === letter) return letters.indexOf(letter, at);
  for (let i = letters.indexOf(letter, at); i >= 0; i = letters.indexOf(letter, i + 1)) {
    if (beginsWord(letters, i)) return i;
  }
  return letters.indexOf(letter, at);
}

const beginsWord = (letters: string, at: number) => at === 0 || !/[\p{L}\p{N}]/u.test(letters[at - 1] ?? '');

/** What an item is called, and other words it may be found by. */
export interface Searched {
  title: string;
  also: string;
}

/** Scattered letters find a title, but no longer text that nobody sees. */
const leastElsewhere = 6;

function scoreOf(typed: string, { title, also }: Searched): number | null {
  const inTitle = matchScore(typed, title);
  if (inTitle !== null) return inTitle + 10;
  const elsewhere = matchScore(typed, also);
  return elsewhere !== null && elsewhere >= leastElsewhere ? elsewhere : null;
}

/** The items that match, best first; items that match alike keep their order. */
export function fuzzyFilter<Item>(
  typed: string,
  items: readonly Item[],
  searched: (item: Item) => Searched,
): Item[] {
  return items
    .map((item, index) => ({ item, index, score: scoreOf(typed, searched(item)) }))
    .filter((one): one is { item: Item; index: number; score: number } => one.score !== null)
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .map((one) => one.item);
}
