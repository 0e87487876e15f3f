import { Problem } from '../problem.ts';

/** A written text and where it stands, so that a mistake in it can be pointed at. */
export interface Written {
  readonly text: string;
  /** What people call the place: `capabilities[2]`. */
  readonly field: string;
  /** How many characters of the field stand before the text. */
  readonly offset: number;
}

/** A mistake in a written text: names the field and the character, and says the mend. */
export function miswritten({ field, offset }: Pick<Written, 'field' | 'offset'>, what: string, mend: string) {
  return new Problem('invalid_input', `${field}, character ${offset + 1}: ${what}`, mend);
}

/** A part of a written text, with its own place. */
export function part(of: Written, from: number, to = of.text.length): Written {
  return { text: of.text.slice(from, to), field: of.field, offset: of.offset + from };
}

export function trimmed(written: Written): Written {
  const from = written.text.length - written.text.trimStart().length;
  return part(written, from, Math.max(from, written.text.trimEnd().length));
}

/** Text that can be shown on one line and written as UTF-8: no control characters, no half of a surrogate pair. */
export function isPlain(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/** Refuses what could not be shown. */
export function plainly(written: Written): Written {
  const place = written.text.search(/[\p{Cc}\p{Cs}]/u);
  if (place < 0) return written;
  throw miswritten(part(written, place), 'this character cannot be shown.', 'Leave it out.');
}
