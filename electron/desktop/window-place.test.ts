import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Area, placeWindow } from './window-place.ts';

const screen: Area = { x: 0, y: 30, width: 1920, height: 1050 };
const second: Area = { x: 1920, y: 0, width: 1280, height: 1024 };
const at = (x: number, y: number, width = 900, height = 600) => ({ x, y, width, height, maximized: false });

test('the first window takes the usual size, and leaves its place to the system', () => {
  expect(placeWindow([screen], null)).toEqual({ width: 1180, height: 760 });
});

test('a window comes back to its place, on the second screen too', () => {
  expect(placeWindow([screen, second], at(100, 60))).toEqual({ x: 100, y: 60, width: 900, height: 600 });
  expect(placeWindow([screen, second], at(2000, 10))).toMatchObject({ x: 2000, y: 10 });
});

test('a place on a screen that is gone is given up, the size is kept', () => {
  expect(placeWindow([screen], at(2000, 10))).toEqual({ width: 900, height: 600 });
});

test('a window whose upper edge nobody could take hold of is brought back', () => {
  expect(placeWindow([screen], at(100, -500))).not.toHaveProperty('x');
  expect(placeWindow([screen], at(1900, 60))).not.toHaveProperty('x');
});

test('wherever it was and whatever the screens are, a person can reach it and it fits', () => {
  const area = fc.record({
    x: fc.integer({ min: -4000, max: 4000 }),
    y: fc.integer({ min: -2000, max: 2000 }),
    width: fc.integer({ min: 640, max: 5000 }),
    height: fc.integer({ min: 420, max: 3000 }),
  });
  const remembered = fc.record({
    x: fc.integer({ min: -9000, max: 9000 }),
    y: fc.integer({ min: -9000, max: 9000 }),
    width: fc.integer({ min: 1, max: 9000 }),
    height: fc.integer({ min: 1, max: 9000 }),
    maximized: fc.boolean(),
  });
  fc.assert(
    fc.property(area, fc.array(area, { maxLength: 3 }), remembered, (first, others, window) => {
      const areas: [Area, ...Area[]] = [first, ...others];
      const { x, y, width, height } = placeWindow(areas, window);
      expect(areas.some((each) => width <= each.width && height <= each.height)).toBe(true);
      if (x === undefined || y === undefined) return;
      const reached = areas.some(
        (each) =>
          x < each.x + each.width && x + window.width > each.x && y < each.y + each.height && y + 40 > each.y,
      );
      expect(reached).toBe(true);
    }),
    { seed: 11, numRuns: 500 },
  );
});
