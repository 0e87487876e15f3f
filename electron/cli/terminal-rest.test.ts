import { expect, test } from 'vitest';
import { atRest, hereItIs, whereIsIt } from './terminal-rest.ts';

/** The little of a terminal that matters here: it ends sequences, moves its cursor and says where that is. */
function answersOf(output: string): string {
  let at = '1;1';
  let answers = '';
  // oxlint-disable-next-line no-control-regex
  for (const [whole, moved] of output.matchAll(/\u001B\[(\d+;\d+)H|\u001B\[6n|\u001B\[5n/g)) {
    if (moved === undefined) answers += whole.endsWith('5n') ? '\u001B[0n' : `\u001B[${at}R`;
    else at = moved;
  }
  return answers;
}

test('the last answer is known from those that a program had asked for', () => {
  const places = [
    { row: 3, column: 70 },
    { row: 22, column: 1 },
    { row: 9, column: 41 },
  ];
  const forged = '\u001B[5n\u001B[6n\u001B[3;70H\u001B[6n\u001B[22;1H\u001B[6n';
  expect(answersOf(forged)).not.toContain(hereItIs(places));
  expect(answersOf(`${forged}${atRest}${whereIsIt(places)}`)).toMatch(hereItIs(places));
  expect(answersOf(whereIsIt(places))).toBe(hereItIs(places));
});

test('coming to rest begins by ending whatever sequence was left open, and leaves the cursor where it was', () => {
  expect(atRest.startsWith('\u0018')).toBe(true);
  expect(whereIsIt([{ row: 1, column: 2 }])).toBe('\u001B7\u001B[1;2H\u001B[6n\u001B8');
});
