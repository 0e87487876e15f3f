import { expect, test } from 'vitest';
import { Problem } from '../../../shared/problem.ts';
import type { ListedPart } from '../carrying/planned-part.ts';
import { listedBlobs, listedPieces } from './listed-parts.ts';

const part = (i: number): ListedPart => ({
  id: `sub_${String(i).padStart(26, '0')}`,
  name: `n${i}`,
  title: `n${i}`,
  role: 'worker',
  dependsOn: [],
  round: 0,
  inputs: '',
});

/** The parts as they are attached: after the plan, and about the roles. */
function attachedOf(listed: readonly ListedPart[]) {
  const [first, ...rest] = listedBlobs(listed);
  const all = [null, first, null, ...rest];
  const blob = async (_seq: number, index: number) => {
    const found = all[index];
    if (!found) throw new Problem('not_found', 'It carries no such blob.');
    const { name, type, content } = found;
    return { name, type, size: content.length, content, next: null };
  };
  return { blob, count: all.length };
}

test('as many parts as a plan may have are attached in as many blobs as an event may carry, and read whole', async () => {
  for (const count of [1, 1699, 1700, 1701, 8500, 10_000, 100_000]) {
    const listed = Array.from({ length: count }, (_, i) => part(i));
    const { blob, count: blobs } = attachedOf(listed);
    expect(blobs).toBeLessThanOrEqual(64);
    const read: ListedPart[] = [];
    for await (const piece of listedPieces({ blob }, 1)) read.push(...piece);
    expect(read).toEqual(listed);
  }
});
