import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planSchema } from '../../../shared/plan.ts';
import { count } from '../../base/test-counts.ts';
import { Ancestry, inOrder } from './graph.ts';

/** Parts that depend on any of those before them, in any order of the file. */
const graphs = fc
  .array(fc.array(fc.nat({ max: 20 }), { maxLength: 4 }), { minLength: 1, maxLength: 20 })
  .chain((wanted) =>
    fc.shuffledSubarray(
      wanted.map((parents, i) => ({
        id: `p${i}`,
        role: 'x',
        depends_on: [...new Set(parents.filter((parent) => parent < i))].map((parent) => `p${parent}`),
      })),
      { minLength: wanted.length },
    ),
  )
  .map((subtasks) => planSchema.parse({ subtasks }).subtasks);

test('parents come first, and who comes before whom is what the edges say', () => {
  fc.assert(
    fc.property(graphs, (parts) => {
      const { order, problems } = inOrder(parts);
      expect(problems).toEqual([]);
      expect(order.map(({ id }) => id).toSorted()).toEqual(parts.map(({ id }) => id).toSorted());
      const ancestors = new Map<string, Set<string>>();
      for (const { id, depends_on: parents } of order) {
        ancestors.set(
          id,
          new Set(parents.flatMap((name) => [name, ...(ancestors.get(name) ?? ['missing'])])),
        );
      }
      const ancestry = new Ancestry(new Map(parts.map((part) => [part.id, part])));
      for (const { id } of parts) {
        expect(ancestors.get(id)).not.toContain('missing');
        for (const other of parts) {
          expect(ancestry.isBefore(other.id, id)).toBe(ancestors.get(id)?.has(other.id));
        }
      }
    }),
    { numRuns: count(100, 3000) },
  );
});

test('a circle is told by its names, and looking far has its end', () => {
  const circle = planSchema.parse({
    subtasks: [
      { id: 'a', role: 'x', depends_on: ['c'] },
      { id: 'b', role: 'x', depends_on: ['a'] },
      { id: 'c', role: 'x', depends_on: ['b'] },
      { id: 'after', role: 'x', depends_on: ['c'] },
    ],
  });
  expect(inOrder(circle.subtasks).problems).toEqual([
    'These wait for each other in a circle: a → b → c → a.',
  ]);
  const chain = Array.from({ length: 20 }, (_, i) => ({
    id: `p${i}`,
    role: 'x',
    depends_on: i > 0 ? [`p${i - 1}`] : [],
  }));
  const parts = new Map(planSchema.parse({ subtasks: chain }).subtasks.map((part) => [part.id, part]));
  const ancestry = new Ancestry(parts, 10);
  expect(ancestry.isBefore('p18', 'p19')).toBe(true);
  expect(ancestry.isBefore('p0', 'p19')).toBeNull();
});
