import { expect, test } from 'vitest';
import { exec } from '../tools/commands/exec.ts';
import { fileWrite } from '../tools/files/file-write.ts';
import { toldInput } from './told-input.ts';

test('what a schema would fill in by itself is left out, whatever differs from that stays', () => {
  const input = exec.input.parse({ command: 'ls' });
  expect(toldInput(exec, input)).toEqual({ command: 'ls' });
  expect(toldInput(exec, { ...input, writes: false })).toEqual({ command: 'ls', writes: false });
  expect(toldInput(fileWrite, { path: 'a', content: '', append: true })).toEqual({
    path: 'a',
    content: '',
    append: true,
  });
});
