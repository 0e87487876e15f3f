import { expect, test } from 'vitest';
import { offsetIn } from './file-place.ts';

test('a line and a column lead to their place in the text', () => {
  const text = 'name: x\ntools:\n  - grep\n';
  expect(text.slice(offsetIn(text, 3, 3))).toBe('- grep\n');
  expect(offsetIn(text, 99, 1)).toBe(text.length);
});
