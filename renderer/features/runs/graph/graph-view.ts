import type { Box } from './graph-places.ts';

/** Which piece of a graph is seen: its point at the upper left, and how large. */
export interface GraphView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const smallest = 0.01;
const largest = 2;
const margin = 36;

/** All of it in the middle, never larger than it is drawn. */
export function fitted(graph: Size, room: Size): GraphView {
  const free = { width: room.width - 2 * margin, height: room.height - 2 * margin };
  const scale = Math.min(
    1,
    Math.max(smallest, Math.min(free.width / graph.width, free.height / graph.height)),
  );
  return {
    x: graph.width / 2 - room.width / 2 / scale,
    y: graph.height / 2 - room.height / 2 / scale,
    scale,
  };
}

/** Larger or smaller, with the point at `at` (in the room) staying where it is. */
export function zoomed(view: GraphView, at: { x: number; y: number }, factor: number): GraphView {
  const scale = Math.min(largest, Math.max(smallest, view.scale * factor));
  return {
    x: view.x + at.x / view.scale - at.x / scale,
    y: view.y + at.y / view.scale - at.y / scale,
    scale,
  };
}

export function moved(view: GraphView, across: number, down: number): GraphView {
  return { ...view, x: view.x + across / view.scale, y: view.y + down / view.scale };
}

/** Moved as little as needed for the box to be seen, and large enough for it to be read. */
export function revealing(view: GraphView, box: Box, room: Size, readable: number): GraphView {
  const scale = Math.max(view.scale, readable);
  const [width, height] = [room.width / scale, room.height / scale];
  if (scale !== view.scale) {
    return { x: box.x + box.width / 2 - width / 2, y: box.y + box.height / 2 - height / 2, scale };
  }
  const edge = margin / scale;
  const within = (from: number, seen: number, start: number, length: number) => {
    if (start - edge < from) return start - edge;
    return start + length + edge > from + seen ? start + length + edge - seen : from;
  };
  return {
    x: within(view.x, width, box.x, box.width),
    y: within(view.y, height, box.y, box.height),
    scale,
  };
}

export const sees = (view: GraphView, room: Size, box: Box): boolean =>
  box.x <= view.x + room.width / view.scale &&
  box.y <= view.y + room.height / view.scale &&
  box.x + box.width >= view.x &&
  box.y + box.height >= view.y;
