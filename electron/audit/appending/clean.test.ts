import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../tree/canonical.ts';
import { cleaned, textsIn } from './clean.ts';

const same = (text: string) => text;

const value = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 });

test('the text of what is cleaned is its canonical JSON, whatever its names are', () => {
  const named = fc.dictionary(fc.oneof(fc.string(), fc.nat().map(String), fc.constant('__proto__')), value);
  fc.assert(
    fc.property(fc.oneof(value, named), (data) => {
      const { value: copy, text } = cleaned(data, same);
      expect(text).toBe(canonicalJson(copy));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

test('names are in canonical order, those of digits too', () => {
  expect(cleaned({ b: 1, '10': 2, a: { z: [], '-': 0 }, '9': 3 }, same).text).toBe(
    '{"10":2,"9":3,"a":{"-":0,"z":[]},"b":1}',
  );
});

test('what is exchanged in a name is exchanged, and the text is canonical all the same', () => {
  const { value: copy, text } = cleaned({ b: 'the secret', zsecret: 1 }, (said) =>
    said.replace('secret', '[secret]').replace('z[', '['),
  );
  expect(copy).toEqual({ b: 'the [secret]', '[secret]': 1 });
  expect(text).toBe('{"[secret]":1,"b":"the [secret]"}');
});

test('a name that JavaScript knows otherwise is a name like others', () => {
  const data: unknown = JSON.parse('{"__proto__": {"is": "kept"}, "a": 1}');
  expect(cleaned(data, same).text).toBe('{"__proto__":{"is":"kept"},"a":1}');
});

test('half of a letter is replaced', () => {
  expect(cleaned(['\uD800'], same).text).toBe('["\uFFFD"]');
});

test('what no JSON can say is refused, and what is not there is left out', () => {
  expect(() => cleaned({ a: Number.NaN }, same)).toThrow('NaN');
  expect(() => cleaned(undefined, same)).toThrow('not a JSON value');
  expect(cleaned({ a: undefined, b: 1 }, same).text).toBe('{"b":1}');
});

test('texts come in canonical order', () => {
  expect(textsIn({ b: ['two', { y: 'four', x: 'three' }], a: 'one', 10: 'zero' })).toEqual([
    'zero',
    'one',
    'two',
    'three',
    'four',
  ]);
});
