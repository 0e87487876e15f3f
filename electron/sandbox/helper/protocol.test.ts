import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { protocol } from './protocol.ts';

test('both sides give the same number to each name', () => {
  const header = readFileSync('resources/helper/protocol.h', 'utf8');
  const defined = [...header.matchAll(/^#define ([A-Z_]+) (\d+)$/gm)].map(([, name, value]) => [
    name!,
    Number(value),
  ]);
  expect(Object.fromEntries(defined)).toEqual(protocol);
  expect(defined.length).toBe(Object.keys(protocol).length);
});

test('the page names every frame and every tool with its number', () => {
  const page = readFileSync('docs/helper.md', 'utf8');
  const told = [...page.matchAll(/^\| `((?:FRAME|TOOL)_[A-Z_]+)` +\| (\d+) +\|/gm)];
  const wanted = Object.entries(protocol).filter(([name]) => /^(FRAME|TOOL)_/.test(name));
  expect(Object.fromEntries(told.map(([, name, value]) => [name, Number(value)]))).toEqual(
    Object.fromEntries(wanted),
  );
});
