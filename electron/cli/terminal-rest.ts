/**
 * What a program may have left switched on. First of all the beginning of a sequence, which would swallow the rest;
 * then what a soft reset knows of (keyboard lock, inserting, margins, character sets, colours, a hidden cursor), and
 * what it does not: mouse reports, pasting in brackets, another screen, other keys, a screen that waits.
 */
export const atRest = [
  '\u0018',
  '\u001B[!p',
  ...['9', '1000', '1001', '1002', '1003', '1004', '1005', '1006', '1015', '1016'].map(off),
  ...['1', '5', '1047', '2004', '2026', '2031'].map(off),
  '\u001B[?7h',
  '\u001B[20l',
  '\u001B[=0u',
  '\u001B[>4m',
  '\u001B>',
  '\u001B(B\u000F',
  '\u001B[?25h',
  '\u001B[0m',
].join('');

function off(mode: string): string {
  return `\u001B[?${mode}l`;
}

export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Moves the cursor from place to place, asks at each where it is, and puts it back. */
export function whereIsIt(places: readonly Place[]): string {
  const each = places.map(({ row, column }) => `\u001B[${row};${column}H\u001B[6n`);
  return `\u001B7${each.join('')}\u001B8`;
}

/**
 * What a terminal answers to that. Whoever does not know the places cannot have had it answered before, so that
 * everything that a program asked for has come when this has.
 */
export function hereItIs(places: readonly Place[]): string {
  return places.map(({ row, column }) => `\u001B[${row};${column}R`).join('');
}
