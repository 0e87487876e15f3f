import { expect, test } from 'vitest';
import { tools } from '../tools/catalogue.ts';
import { toldInput } from './told-input.ts';

const named = (name: string) => tools.find((tool) => tool.name === name)!;

test('what a schema would fill in by itself is left out, whatever differs from that stays', () => {
  const exec = named('exec');
  const input = exec.input.parse({ command: 'ls' }) as Record<string, unknown>;
  expect(toldInput(exec, input)).toEqual({ command: 'ls' });
  expect(toldInput(exec, { ...input, writes: false })).toEqual({ command: 'ls', writes: false });
  expect(toldInput(named('file_write'), { path: 'a', content: '', append: true })).toEqual({
    path: 'a',
    content: '',
    append: true,
  });
});
