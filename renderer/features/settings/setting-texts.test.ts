import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  commandSetting,
  fileSetting,
  keepBytesSetting,
  keepDaysSetting,
  readSetting,
  sandboxUidSetting,
  wordsOf,
} from './setting-texts.ts';
import { recordsKeepBytesSetting, workConcurrencySetting } from './work-setting-texts.ts';

test('an empty field means none', () => {
  expect(readSetting(fileSetting, '  ')).toEqual({ value: null });
  expect(readSetting(commandSetting, '  ')).toEqual({ value: null });
  expect(readSetting(keepDaysSetting, '  ')).toEqual({ value: null });
  expect(readSetting(keepBytesSetting, '  ')).toEqual({ value: null });
  expect(readSetting(sandboxUidSetting, '  ')).toEqual({ value: null });
});

test('a command is read as its words, without a shell', () => {
  expect(wordsOf(`mail -s "a b" 'c d' me`)).toEqual(['mail', '-s', 'a b', 'c d', 'me']);
  expect(wordsOf('echo $HOME;ls')).toEqual(['echo', '$HOME;ls']);
});

test('every command comes back from its field as it was', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ minLength: 1 }).filter((word) => !/[\n\r\u2028\u2029]/.test(word)),
        { minLength: 1 },
      ),
      (command) => {
        expect(wordsOf(commandSetting.write(command))).toEqual(command);
      },
    ),
    { numRuns: 300, seed: 3 },
  );
});

test('what is wrong is said in words', () => {
  expect(readSetting(fileSetting, 'somewhere')).toEqual({ wrong: 'must be an absolute path' });
  expect(readSetting(commandSetting, 'mail "open')).toEqual({ wrong: 'a quote is not closed' });
  expect(readSetting(keepDaysSetting, 'soon')).toEqual({ wrong: 'write a whole number' });
  expect(readSetting(keepDaysSetting, '0')).toHaveProperty('wrong');
  expect(readSetting(sandboxUidSetting, 'root')).toEqual({ wrong: 'write a whole number' });
  expect(readSetting(sandboxUidSetting, '0')).toHaveProperty('wrong');
});

test('megabytes are kept as bytes', () => {
  expect(readSetting(recordsKeepBytesSetting, '1000')).toEqual({ value: 1_000_000_000 });
  expect(readSetting(workConcurrencySetting, '0')).toHaveProperty('wrong');
  expect(readSetting(keepBytesSetting, '2.5')).toEqual({ value: 2_500_000 });
  expect(keepBytesSetting.write(2_500_000)).toBe('2.5');
});
