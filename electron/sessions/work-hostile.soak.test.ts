import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository, someWork } from './testing/some-work.ts';

test('a file without end is not taken into memory', async () => {
  const { folder, data, declare, run } = await someWork();
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  declare('filler', 'echo two >>a.txt; truncate -s 1025M holes');
  const session = await run({ agent: 'filler', repository: source });
  expect(session).toMatchObject({ outcome: { label: 'success' }, work: { collected: null, kept: false } });
  expect(readdirSync(join(data, 'sessions'))).toEqual([]);
});
