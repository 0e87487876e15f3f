import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inColumns, neighbour, nodeSize } from './graph-places.ts';
import { criticalPath, inOrder, shapeOf } from './graph-shape.ts';
import { fitted, moved, revealing, sees, zoomed } from './graph-view.ts';

const diamond = shapeOf([
  { name: 'end', dependsOn: ['left', 'right'] },
  { name: 'left', dependsOn: ['start'] },
  { name: 'right', dependsOn: ['start', 'nobody'] },
  { name: 'start', dependsOn: [] },
]);
const names = (numbers: readonly number[]) => numbers.map((index) => diamond.names[index]);

test('the critical path is the chain that decided how long it took', () => {
  expect(names(criticalPath(diamond, [1, 9, 4, 2]))).toEqual(['start', 'left', 'end']);
  expect(names(criticalPath(diamond, [1, 2, 4, 2]))).toEqual(['start', 'right', 'end']);
  expect(criticalPath(shapeOf([]), [])).toEqual([]);
});

test('arrow keys lead along edges, and up and down among those beside', () => {
  const places = inColumns(diamond);
  const go = (from: string, way: 'left' | 'right' | 'up' | 'down') => {
    const to = neighbour(diamond, places, diamond.names.indexOf(from), way);
    return to === null ? null : diamond.names[to];
  };
  expect(go('start', 'right')).toBe('left');
  expect(go('left', 'down')).toBe('right');
  expect(go('right', 'up')).toBe('left');
  expect(go('right', 'right')).toBe('end');
  expect(go('end', 'right')).toBeNull();
  expect(go('start', 'left')).toBeNull();
});

const graphs = fc
  .array(fc.array(fc.nat(60), { maxLength: 4 }), { minLength: 1, maxLength: 60 })
  .map((edges) =>
    shapeOf(
      edges.map((from, index) => ({
        name: `p${index}`,
        dependsOn: [...new Set(from)].filter((each) => each < index).map((each) => `p${each}`),
      })),
    ),
  );

test('in any graph each part comes after all that it follows from, and no two stand in one place', () => {
  fc.assert(
    fc.property(graphs, (shape) => {
      const order = inOrder(shape);
      const at = new Map(order.map((index, place) => [index, place]));
      const places = inColumns(shape);
      const taken = new Set<string>();
      for (const [index, parents] of shape.parents.entries()) {
        for (const parent of parents) {
          expect(at.get(parent)).toBeLessThan(at.get(index) ?? -1);
          expect(places.x[parent]).toBeLessThan(places.x[index] ?? -1);
        }
        taken.add(`${places.x[index]} ${places.y[index]}`);
      }
      expect(taken.size).toBe(shape.names.length);
    }),
    { seed: 5, numRuns: 100 },
  );
});

test('of a circle, which no plan has, no part is lost', () => {
  const circle = shapeOf([
    { name: 'a', dependsOn: ['b'] },
    { name: 'b', dependsOn: ['a'] },
  ]);
  expect(inOrder(circle)).toHaveLength(2);
  expect(criticalPath(circle, [1, 1]).length).toBeGreaterThan(0);
});

test('the view shows all, grows around a point, and moves no further than it must', () => {
  const room = { width: 700, height: 400 };
  const whole = fitted({ width: 2000, height: 300 }, room);
  expect(whole.scale).toBeLessThan(1);
  for (const x of [0, 2000 - nodeSize.width]) {
    expect(sees(whole, room, { x, y: 0, ...nodeSize })).toBe(true);
  }
  const at = { x: 100, y: 50 };
  const point = (view: typeof whole) => view.x + at.x / view.scale;
  expect(point(zoomed(whole, at, 1.5))).toBeCloseTo(point(whole));
  expect(moved(whole, 10, 0).x).toBeGreaterThan(whole.x);
  const seen = { x: whole.x + 400 / whole.scale, y: 0, ...nodeSize };
  expect(revealing(whole, { ...seen, y: 100 }, room, 0.1)).toEqual(whole);
  const far = { x: 5000, y: 5000, ...nodeSize };
  expect(sees(whole, room, far)).toBe(false);
  expect(sees(revealing(whole, far, room, 0.7), room, far)).toBe(true);
});
