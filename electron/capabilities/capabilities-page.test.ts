import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { denialReasons } from '../../shared/capability.ts';
import { readCapability, writeCapability } from '../../shared/capability/text.ts';
import { deedOf } from '../../shared/capability/words.ts';

const page = readFileSync('docs/capabilities.md', 'utf8');

/** The two cells of each row of the table with these headings, without the marks of code. */
function rowsUnder(left: string, right: string): [string, string][] {
  const [, table = ''] = page.split(new RegExp(`^\\| ${left} +\\| ${right} +\\|\\n`, 'm'));
  const rows = table.split('\n\n', 1)[0]!.trim().split('\n').slice(1);
  return rows.map((row) => {
    const [, first = '', second = ''] = /^\| (.*?) +\| (.*?) +\|$/.exec(row) ?? [];
    return [first.replaceAll(/^`|`$/g, ''), second.replaceAll(/^`|`$/g, '')];
  });
}

test('every form on the page is understood as the page says', () => {
  const rows = rowsUnder('written', 'the agent may');
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.map(([written]) => [written, deedOf(readCapability(written))])).toEqual(rows);
  const kinds = new Set(rows.map(([written]) => readCapability(written).kind));
  expect(kinds.size).toBe(11);
});

test('every other form on the page is written back as the page says', () => {
  const rows = rowsUnder('also understood', 'canonical');
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.map(([written]) => [written, writeCapability(readCapability(written))])).toEqual(rows);
});

test('every mistake on the page is refused in the page’s words', () => {
  const rows = rowsUnder('written', 'refused with');
  expect(rows.length).toBeGreaterThan(3);
  for (const [written, message] of rows) expect(() => readCapability(written)).toThrow(message);
});

test('the page lists every reason for a denial', () => {
  expect(rowsUnder('reason', 'means')).toEqual(Object.entries(denialReasons));
});
