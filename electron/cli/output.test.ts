import { expect, test } from 'vitest';
import { harmless } from './output.ts';

test('what came from elsewhere neither moves the cursor nor turns or hides what stands beside it', () => {
  const hidden = ['\u001B[2J', '\r', '\u0085', '\u061C', '\u202E', '\u2066', '\u{E0041}'];
  for (const sign of hidden) expect(harmless(`a${sign}b`), JSON.stringify(sign)).toContain('\uFFFD');
  expect(harmless('Ä plain line, 漢字 and 🐚')).toBe('Ä plain line, 漢字 and 🐚');
});
