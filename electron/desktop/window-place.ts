import type { RememberedWindow } from './desktop-memory.ts';

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const usual = { width: 1180, height: 760 };
export const smallest = { width: 640, height: 420 };
/** So much of the upper edge must be on a screen for a person to get hold of the window. */
const grip = { width: 120, height: 40 };

const overlap = (start: number, length: number, from: number, size: number) =>
  Math.min(start + length, from + size) - Math.max(start, from);

/** Where the window opens: where it was, unless no screen shows that place any more. */
export function placeWindow(
  areas: readonly [Area, ...Area[]],
  remembered: RememberedWindow | null,
): Partial<Area> & { width: number; height: number } {
  const { width, height } = remembered ?? usual;
  const fits = ({ width: most, height: highest }: Area) => ({
    width: Math.min(Math.max(width, smallest.width), most),
    height: Math.min(Math.max(height, smallest.height), highest),
  });
  if (!remembered) return fits(areas[0]);
  const { x, y } = remembered;
  const shown = areas.find(
    (area) =>
      overlap(x, width, area.x, area.width) >= grip.width &&
      overlap(y, grip.height, area.y, area.height) >= grip.height,
  );
  return shown ? { x, y, ...fits(shown) } : fits(areas[0]);
}
