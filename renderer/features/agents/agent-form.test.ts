import { expect, test } from 'vitest';
import { type FormField, valueOf } from './agent-form.ts';

const field = (kind: FormField['kind'], name = 'x'): FormField => ({
  field: name,
  label: '',
  kind,
  value: '',
});

test('what is typed becomes a value for the file, and empty takes the field out', () => {
  expect(valueOf(field('words'), '  ')).toEqual({ value: null });
  expect(valueOf(field('words'), ' a b ')).toEqual({ value: 'a b' });
  expect(valueOf(field('text'), 'one\ntwo\n\n')).toEqual({ value: 'one\ntwo\n' });
  expect(valueOf(field('lines'), 'a\n\n b \n')).toEqual({ value: ['a', 'b'] });
  expect(valueOf(field('lines', 'skills'), '*')).toEqual({ value: '*' });
  expect(valueOf(field('number'), '12')).toEqual({ value: 12 });
  expect(valueOf(field('money'), '2.50')).toEqual({ value: 2.5 });
  for (const text of ['0', '1.5', 'x', '-3']) expect(valueOf(field('number'), text)).toHaveProperty('wrong');
  for (const text of ['0', 'x', '1,5']) expect(valueOf(field('money'), text)).toHaveProperty('wrong');
});
