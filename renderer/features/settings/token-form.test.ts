import { expect, test } from 'vitest';
import { emptyTokenForm, proceduresFor, readTokenForm } from './token-form.ts';

const now = new Date('2026-01-01T00:00:00.000Z');
const form = { ...emptyTokenForm, name: ' Editor ' };

test('a named form is a request that ends after the chosen time', () => {
  expect(readTokenForm(form, now).wish).toEqual({
    name: 'Editor',
    caller: 'client',
    procedures: null,
    budget: null,
    expires: '2026-01-31T00:00:00.000Z',
  });
  expect(readTokenForm({ ...form, lifetime: 'ever' }, now).wish?.expires).toBeNull();
});

test('a form without a name, or limited to nothing, is no request and says why', () => {
  expect(readTokenForm({ ...form, name: ' ' }, now)).toEqual({
    wish: null,
    wrong: { name: 'Give it a name.' },
  });
  expect(readTokenForm({ ...form, name: 'x'.repeat(81) }, now).wrong.name).toContain('80');
  expect(readTokenForm({ ...form, limited: true }, now)).toEqual({
    wish: null,
    wrong: { procedures: 'Choose at least one.' },
  });
});

test('a program that asks models may do that alone, within bounds that can be read', () => {
  const asks = { ...form, caller: 'models' as const, limited: true };
  expect(readTokenForm(asks, now).wish).toMatchObject({
    caller: 'client',
    procedures: ['models.pass'],
    budget: null,
  });
  expect(readTokenForm({ ...asks, tokens: ' 5000 ', dollars: '2.50' }, now).wish?.budget).toEqual({
    tokens: 5000,
    micros: 2_500_000,
    periodSeconds: 0,
  });
  expect(readTokenForm({ ...asks, tokens: 'many' }, now)).toMatchObject({
    wish: null,
    wrong: { tokens: expect.any(String) },
  });
  expect(readTokenForm({ ...asks, dollars: '-1' }, now).wrong.dollars).toContain('2.50');
});

test('an outside program is offered reading, never what only the person may do', () => {
  const names = proceduresFor('client').map(({ name }) => name);
  expect(names).toContain('record.query');
  expect(names).not.toContain('secrets.set');
  expect(names).not.toContain('access.create');
  expect(proceduresFor('operator').map(({ name }) => name)).toContain('secrets.set');
});
