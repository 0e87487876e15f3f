import { expect, test } from 'vitest';
import type { Change } from '../../shared/contract/reviewing.ts';
import { keysAt } from './changes.ts';

const change = (path: string): Change => ({
  path,
  key: `key of ${path}`,
  kind: 'modified',
  type: 'file',
  before: 1,
  after: 2,
  refusal: null,
});

test('changes are named by whole paths, by what they lie in, or by how the only one ends', () => {
  const changes = ['/w/src/main.c', '/w/src/deep/b.c', '/w/evil/src/main.c', '/w/src.c'].map(change);
  const keys = (...paths: string[]) =>
    keysAt(changes, paths, 'Look.').map((key) => key.replace('key of ', ''));
  expect(keys('/w/src/main.c')).toEqual(['/w/src/main.c']);
  expect(keys('/w/src/')).toEqual(['/w/src/main.c', '/w/src/deep/b.c']);
  expect(keys('b.c', 'evil/src/main.c')).toEqual(['/w/src/deep/b.c', '/w/evil/src/main.c']);
  expect(() => keys('main.c')).toThrow('“main.c” may be “/w/src/main.c” or “/w/evil/src/main.c”.');
  expect(() => keys('src/main.c')).toThrow('may be');
  expect(() => keys('none.c')).toThrow('did not change');
});
