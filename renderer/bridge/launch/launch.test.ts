import { expect, test } from 'vitest';
import { recipeFileSchema } from '../../../shared/recipe.ts';
import { runWishSchema } from '../../../shared/run.ts';
import { readDeadline } from '../deadline-field.ts';
import { emptyForm, readLaunch } from './launch-form.ts';
import { paramsOf } from './recipe-params.ts';
import { formOf } from './remembered-form.ts';

test('a goal becomes a wish with everything that it may do, and what is wrong is said where it stands', () => {
  const form = {
    ...emptyForm,
    text: ' Raise the tide. ',
    folders: [{ path: ' /home/sam/sea ', mode: 'review' as const }],
    hosts: 'example.org:443',
    budget: '$2.50',
    deadline: '1h 30m',
  };
  const { wish, wrong } = readLaunch(form, null, null);
  expect(wrong).toEqual({});
  expect(runWishSchema.parse(wish)).toMatchObject({
    invocation: { kind: 'goal', goal: 'Raise the tide.', mode: 'auto' },
    ceiling: {
      folders: [{ path: '/home/sam/sea', mode: 'review' }],
      hosts: ['example.org:443'],
      micros: 2_500_000,
      seconds: 5400,
    },
  });
  const broken = readLaunch({ ...form, folders: [{ path: 'sea', mode: 'ro' }], budget: 'much' }, null, null);
  expect(broken.wish).toBeNull();
  expect(Object.keys(broken.wrong)).toEqual(['folders', 'budget']);
  expect(readLaunch({ ...form, text: ' ' }, null, null).wish).toBeNull();
});

test.each([
  ['', null],
  ['90s', 90],
  ['1H 30m', 5400],
  ['2d', 172_800],
])('%j is a deadline', (text, seconds) => {
  expect(readDeadline(text)).toEqual({ seconds });
});

test.each(['soon', '0s', '10', '99d', '-1h'])('%j is none', (text) => {
  expect(readDeadline(text).wrong).toBeDefined();
});

const recipe = recipeFileSchema.parse({
  name: 'digest',
  title: 'Digest',
  parameters: {
    urls: { type: 'string_list', required: true },
    most: { type: 'number', default: 5 },
    plain: { type: 'boolean' },
    title: { type: 'string' },
  },
  plan: { subtasks: [{ id: 'a', role: 'runner' }] },
});

test('fields of a recipe are sent as their types want them; what is empty is left out', () => {
  expect(paramsOf(recipe, { urls: 'https://a.example\n\nhttps://b.example\n' })).toEqual({
    urls: ['https://a.example', 'https://b.example'],
    most: 5,
    plain: false,
  });
  expect(paramsOf(recipe, { most: 'many', title: ' Tides ' })).toMatchObject({
    most: 'many',
    title: 'Tides',
  });
});

test('a recipe is granted what it asks for, and what the person says of a folder goes before that', () => {
  const asks = {
    folders: [
      { path: '/a', mode: 'rw' as const },
      { path: '/b', mode: 'ro' as const },
    ],
    hosts: ['a.example:443'],
    sandbox: 'namespace' as const,
    image: null,
    seconds: 60,
  };
  const form = {
    ...emptyForm,
    kind: 'recipe' as const,
    recipe: 'digest',
    folders: [{ path: '/a', mode: 'review' as const }],
  };
  expect(readLaunch(form, {}, null).wish).toBeNull();
  const wish = runWishSchema.parse(readLaunch(form, { most: 5 }, asks).wish);
  expect(wish.ceiling).toMatchObject({
    folders: [
      { path: '/a', mode: 'review' },
      { path: '/b', mode: 'ro' },
    ],
    hosts: ['a.example:443'],
    seconds: 60,
  });
  expect(formOf(wish)).toMatchObject({ kind: 'recipe', recipe: 'digest', params: { most: '5' } });
});
