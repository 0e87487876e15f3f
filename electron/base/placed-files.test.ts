import fc from 'fast-check';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { jsonPlaces, pointerStep } from './json-places.ts';
import { placeToml } from './placed-toml.ts';
import { placeOf } from './text-place.ts';
import { tomlPlaces } from './toml-places.ts';

test('what is JSON for the language is JSON here, and nothing else', () => {
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const mark = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '1',
    '-0.5e3',
    '01',
    'null',
    ' ',
    '\n',
    '\\u0041',
    '\\x',
    '\u007F',
  );
  const texts = fc.oneof(
    fc.json(),
    fc.array(mark).map((marks) => marks.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(jsonPlaces(text, new Set()).failure === null).toBe(isJson(text));
    }),
    { numRuns: 500 },
  );
});

test('every value of a JSON text is found where it stands', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const wanted = new Map<string, string>();
      const collect = (each: unknown, pointer: string, name: string | null) => {
        wanted.set(pointer, name ?? JSON.stringify(each, null, indent).slice(0, 1));
        if (Array.isArray(each)) each.forEach((entry, i) => collect(entry, pointer + pointerStep(i), null));
        else if (typeof each === 'object' && each !== null)
          for (const [key, entry] of Object.entries(each))
            collect(entry, pointer + pointerStep(key), JSON.stringify(key));
      };
      collect(value, '', null);
      const { places } = jsonPlaces(text, new Set(wanted.keys()));
      for (const [pointer, start] of wanted)
        expect(text.startsWith(start, places.get(pointer) ?? -1)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('every field of a TOML text is found where it stands, whatever its strings hold', () => {
  const text = `# [not]
title = "a # b"
[[agents]]
name = """
[[agents]]
name = "no" \\"""
""" # said
argv = [
  'x', # one
  "y]",
  { z = 1 },
]
[agents.command]
"two words".deep = 1979-05-27T07:32:00Z
[[agents.mounts]]
source = '''/a'''
[[agents.mounts]]
source = "/b"
[[agents]]
name = { first = "c", last = 'd' }
`;
  expect(placeToml(text).value).toEqual(parse(text));
  const places = tomlPlaces(text);
  const lineOf = (...path: (string | number)[]) => placeOf(text, places.get(JSON.stringify(path)) ?? -1).line;
  expect(lineOf('title')).toBe(2);
  expect(lineOf('agents', 0, 'name')).toBe(4);
  expect(lineOf('agents', 0, 'argv', 1)).toBe(10);
  expect(lineOf('agents', 0, 'argv', 2, 'z')).toBe(11);
  expect(lineOf('agents', 0, 'command', 'two words', 'deep')).toBe(14);
  expect(lineOf('agents', 0, 'mounts', 1, 'source')).toBe(18);
  expect(lineOf('agents', 1, 'name', 'last')).toBe(20);
  // What is not there is told where the innermost thing around it stands.
  expect(placeToml(text).at(['agents', 1, 'repo'], 'x')).toMatchObject({ line: 19, field: 'agents[1].repo' });
});

test('a text that is no TOML is told where it ends being one, and no text is read without end', () => {
  expect(placeToml('a = 1\nb = = 2\n').problems).toEqual([
    { line: 2, column: 5, field: '', message: 'It is no TOML: invalid value.' },
  ]);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('[', ']', '[[a]]', 'a', '=', '"', "'", '\n', '{', '}', ',', '#', '.', '"""')),
      (marks) => {
        const text = marks.join('');
        for (const at of tomlPlaces(text).values()) expect(at).toBeLessThanOrEqual(text.length);
      },
    ),
    { numRuns: 500 },
  );
});
