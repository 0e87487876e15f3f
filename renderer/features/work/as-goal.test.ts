import { expect, test } from 'vitest';
import { readFiles } from '../../bridge/work/given-files.ts';
import { goalOf } from './as-goal.ts';

const goalFrom = async (...named: [string, string | Uint8Array<ArrayBuffer>][]) =>
  goalOf((await readFiles(named.map(([name, content]) => new File([content], name)))).read);

test('the words of files become a goal; what is no text, or too much, does not', async () => {
  expect(await goalFrom(['a.md', ' Raise the tide.\n'])).toEqual({ text: 'Raise the tide.', why: null });
  expect((await goalFrom(['a.md', 'Raise.'], ['b.md', 'Lower.'])).text).toBe(
    'a.md:\n\nRaise.\n\nb.md:\n\nLower.',
  );
  expect((await goalFrom(['a.bin', new Uint8Array([255, 0])])).why).toContain('is no text');
  expect((await goalFrom(['a.md', 'x'.repeat(20_001)])).why).toContain('at most 20,000 letters');
  expect((await goalFrom(['a.md', ' '])).text).toBeNull();
});
