import { type GraphShape, inOrder } from './graph-shape.ts';

export const nodeSize = { width: 172, height: 62 } as const;
export const gaps = { between: 38, layers: 84 } as const;

/** Where each part stands, by its number; the graph’s upper left is 0, 0. */
export interface GraphPlaces {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const boxOf = ({ x, y }: GraphPlaces, index: number): Box => ({
  x: x[index] ?? 0,
  y: y[index] ?? 0,
  ...nodeSize,
});

/** Without a layout of its own: in columns, each behind all that it follows from. For graphs that are too large for more. */
export function inColumns(shape: GraphShape): GraphPlaces {
  const count = shape.names.length;
  const column = new Int32Array(count);
  const filled: number[] = [];
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  for (const index of inOrder(shape)) {
    for (const parent of shape.parents[index] ?? []) {
      column[index] = Math.max(column[index] ?? 0, (column[parent] ?? 0) + 1);
    }
    const at = column[index] ?? 0;
    const row = filled[at] ?? 0;
    filled[at] = row + 1;
    x[index] = at * (nodeSize.width + gaps.layers);
    y[index] = row * (nodeSize.height + gaps.between);
  }
  const rows = filled.reduce((most, each) => Math.max(most, each), 1);
  return {
    x,
    y,
    width: Math.max(1, filled.length) * (nodeSize.width + gaps.layers) - gaps.layers,
    height: rows * (nodeSize.height + gaps.between) - gaps.between,
  };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Where an arrow key leads: along an edge, or to the next that stands above or below. */
export function neighbour(
  shape: GraphShape,
  { x, y }: GraphPlaces,
  from: number,
  direction: Direction,
): number | null {
  const height = (index: number) => Math.abs((y[index] ?? 0) - (y[from] ?? 0));
  const nearest = (some: Iterable<number>) => {
    let best: number | null = null;
    for (const index of some) if (best === null || height(index) < height(best)) best = index;
    return best;
  };
  if (direction === 'left') return nearest(shape.parents[from] ?? []);
  if (direction === 'right') return nearest(shape.children[from] ?? []);
  const beside: number[] = [];
  for (let index = 0; index < shape.names.length; index++) {
    if (index === from || Math.abs((x[index] ?? 0) - (x[from] ?? 0)) > nodeSize.width / 2) continue;
    const below = (y[index] ?? 0) > (y[from] ?? 0);
    if (below === (direction === 'down')) beside.push(index);
  }
  return nearest(beside);
}
