import { expect, test } from 'vitest';
import { readFlags } from './flags.ts';

test('without flags everything is as usual', () => {
  expect(readFlags(['/opt/Holdfast'])).toEqual({
    data: undefined,
    port: null,
    hidden: false,
    secrets: null,
    link: null,
  });
});

test('what Chromium and Electron are told is left to them', () => {
  const flags = readFlags([
    '/opt/Holdfast',
    '--inspect=0',
    '--remote-debugging-port=0',
    '--data',
    '/srv/holdfast',
    '--secrets=file',
    '--port',
    '0',
    '--hidden',
    'holdfast://audit',
  ]);
  expect(flags).toEqual({
    data: '/srv/holdfast',
    port: 0,
    hidden: true,
    secrets: 'file',
    link: 'holdfast://audit',
  });
});

test.each([
  [['--data'], /--data needs a value/],
  [['--data', '--hidden'], /--data needs a value/],
  [['--port', 'seven'], /is no port/],
  [['--port', '70000'], /is no port/],
  [['--secrets', 'cloud'], /no way to keep secrets/],
])('%j is refused with a sentence', (args, sentence) => {
  expect(() => readFlags(args)).toThrow(sentence);
});
