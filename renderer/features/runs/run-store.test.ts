import { expect, test } from 'vitest';
import type { Run, RunNews, RunSubtask } from '../../../shared/run.ts';
import { following } from './ForkDialog.tsx';
import { unknownRun, withRunNews } from './run-store.ts';

const part = (name: string, dependsOn: string[] = [], state = 'waiting') =>
  ({ name, dependsOn, state }) as unknown as RunSubtask;
const plan: RunNews = { kind: 'plan', subtasks: [part('a'), part('b', ['a'])] };
const states = ({ parts }: { parts: readonly RunSubtask[] | null }) => parts?.map(({ state }) => state);

test('a graph is laid out again only where parts or edges are others', () => {
  const first = withRunNews(unknownRun, [{ kind: 'run', run: { id: 'run_1' } as unknown as Run }, plan]);
  expect(first.shape).toBe(1);
  const changed = withRunNews(first, [{ kind: 'subtasks', subtasks: [part('a', [], 'running')] }, plan]);
  expect(changed.shape).toBe(1);
  const going = withRunNews(first, [
    { kind: 'subtasks', subtasks: [part('a', [], 'running')] },
    { kind: 'subtasks', subtasks: [part('a', [], 'done'), part('b', ['a'], 'running')] },
  ]);
  expect(states(going)).toEqual(['done', 'running']);
  expect(going.shape).toBe(1);
  const replanned = withRunNews(going, [
    { kind: 'plan', subtasks: [part('a', [], 'done'), part('c', ['a'])] },
  ]);
  expect(replanned.shape).toBe(2);
  expect(states(withRunNews(replanned, [{ kind: 'subtasks', subtasks: [part('d')] }]))).toHaveLength(3);
});

test('a fork does again all that follows from where it begins', () => {
  const parts = [part('c', ['b']), part('b', ['a']), part('a'), part('d', ['a']), part('e')];
  expect(following(parts, 'a')).toBe(4);
  expect(following(parts, 'b')).toBe(2);
  expect(following(parts, 'e')).toBe(1);
});
