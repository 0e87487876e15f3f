import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue, eventKinds } from '../../shared/events/catalogue.ts';
import { findingSchema } from '../../shared/contract/record.ts';
import { headerSchema } from '../../shared/events/event.ts';

const page = readFileSync('docs/record.md', 'utf8');

/** The cells of the table under a heading, without its head. */
function tableUnder(heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const rows = section
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

test('the page lists every kind of event with its data and its OpenTelemetry operation', () => {
  const expected = eventKinds.map((kind) => {
    const definition = catalogue[kind];
    return [`\`${kind}\``, Object.keys(definition.data.shape).join(', '), definition.otel ?? ''];
  });
  expect(tableUnder('Kinds').map((cells) => cells.slice(0, 3))).toEqual(expected);
});

test('each of the 33 kinds of aaOS stands beside one of ours', () => {
  const numbers = tableUnder('Kinds').flatMap(
    ([, , , theirs]) => /^(\d+) `[a-z_]+`$/.exec(theirs ?? '')?.[1] ?? [],
  );
  expect(numbers.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 33 }, (_, i) => i + 1));
});

test('the page names every part of a header and every finding', () => {
  const names = tableUnder('An event').map(([name]) => name!.replaceAll(/[`?]/g, ''));
  expect(names).toEqual(Object.keys(headerSchema.shape));
  const findings = tableUnder('What verification finds').flatMap(([name]) =>
    name!.replaceAll('`', '').split(', '),
  );
  expect(findings.toSorted()).toEqual(findingSchema.shape.what.options.toSorted());
});
