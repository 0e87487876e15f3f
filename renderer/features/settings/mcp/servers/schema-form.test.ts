import { expect, test } from 'vitest';
import { fieldsOf, inputOf } from './schema-form.ts';

const schema = {
  type: 'object',
  properties: {
    message: { type: 'string', description: 'What to say' },
    count: { type: 'integer', default: 3 },
    loud: { type: 'boolean' },
    tone: { type: 'string', enum: ['low', 'high'] },
  },
  required: ['message'],
};

test('an input of plain parts is asked for by fields, and what is left empty is left out', () => {
  const fields = fieldsOf(schema)!;
  expect(fields.map(({ name, kind }) => [name, kind])).toEqual([
    ['message', 'text'],
    ['count', 'number'],
    ['loud', 'boolean'],
    ['tone', 'choice'],
  ]);
  expect(fields[1]?.placeholder).toBe('3');
  expect(inputOf(fields, { message: 'hello', count: '2', loud: true, tone: '' })).toEqual({
    input: { message: 'hello', count: 2, loud: true },
  });
  expect(inputOf(fields, { count: 'many' })).toEqual({
    wrong: { message: 'It is needed.', count: 'A number.' },
  });
});

test('what a form cannot ask for is asked for as JSON', () => {
  const odd = [
    null,
    'text',
    { type: 'array' },
    { type: 'object', properties: null },
    { type: 'object', properties: { list: { type: 'array' } } },
    { type: 'object', properties: { one: { enum: [1, 'a'] } } },
    {
      type: 'object',
      properties: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`p${n}`, { type: 'string' }])),
    },
  ];
  for (const each of odd) expect(fieldsOf(each)).toBeNull();
  expect(fieldsOf({ type: 'object' })).toEqual([]);
});
