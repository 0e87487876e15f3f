import { expect, test } from 'vitest';
import { defaultSettings } from '../../shared/settings.ts';
import { settingsFrom } from './settings-from.ts';

test('a damaged row keeps nobody from starting: it counts as not set, and the others hold', () => {
  const rows = [
    { key: 'blobs.maxBytes', value: '{garbage' },
    { key: 'nobody.knows', value: '1' },
    { key: 'blobs.keepDays', value: '90' },
  ];
  expect(settingsFrom(rows)).toEqual({ ...defaultSettings, 'blobs.keepDays': 90 });
});
