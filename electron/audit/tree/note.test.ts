import { expect, test } from 'vitest';
import { sha256 } from './hashing.ts';
import {
  newSignerKey,
  parseCheckpoint,
  parseVerifierKey,
  readCheckpoint,
  signCheckpoint,
  signerKeyFromPem,
  signersOf,
} from './note.ts';

const origin = 'holdfast/test';
const checkpoint = { origin, size: 12, root: sha256('root') };

test('a note is read back as it was signed, and names who signed it', () => {
  const [one, two, stranger] = [newSignerKey(origin), newSignerKey(origin), newSignerKey(origin)];
  const note = signCheckpoint(checkpoint, [one, two]);
  expect(parseCheckpoint(note)).toEqual(checkpoint);
  expect(note.split('\n').slice(0, 2)).toEqual([origin, '12']);
  expect(signersOf(note, [two, stranger]).map((key) => key.id)).toEqual([two.id]);
  expect(signersOf(note, [one, two])).toHaveLength(2);
});

test('a note that was changed anywhere before its signatures is signed by nobody', () => {
  const key = newSignerKey(origin);
  const note = signCheckpoint(checkpoint, [key]);
  const body = note.indexOf('\n\n');
  for (let i = 0; i < body; i++) {
    const changed = note.slice(0, i) + (note[i] === '1' ? '2' : '1') + note.slice(i + 1);
    expect(signersOf(changed, [key]), `letter ${i}`).toEqual([]);
  }
});

test('a key survives its text and its PEM, and a text that does not belong together is refused', () => {
  const key = newSignerKey(origin);
  const again = parseVerifierKey(signerKeyFromPem(origin, key.pem).text);
  expect(again.fingerprint).toBe(key.fingerprint);
  expect(() =>
    parseVerifierKey(key.text.replace(key.id, key.id === '00000000' ? '11111111' : '00000000')),
  ).toThrow();
  expect(() => parseVerifierKey('holdfast/test+12345678+AAAA')).toThrow();
});

test.each([
  ['nothing', ''],
  ['a size with a sign', 'a\n-1\nAAAA\n\n'],
  ['a size with zeros before it', `a\n01\n${Buffer.alloc(32).toString('base64')}\n\n`],
  ['a short root', 'a\n1\nAAAA\n\n'],
  ['no empty line', `a\n1\n${Buffer.alloc(32).toString('base64')}\n`],
])('%s is not a checkpoint', (_, note) => {
  if (note.endsWith('=\n')) expect(readCheckpoint(note.trimEnd())).toBeNull();
  else expect(readCheckpoint(note)).toBeNull();
});
