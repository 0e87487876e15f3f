import type { DotTone } from '../../../ui/Dot.tsx';
import { boxOf, type GraphPlaces, nodeSize } from './graph-places.ts';
import type { GraphColours } from './graph-colours.ts';
import type { GraphShape } from './graph-shape.ts';
import { type GraphView, sees, type Size } from './graph-view.ts';

/** What is seen of one part. */
export interface NodeLook {
  readonly title: string;
  readonly facts: readonly string[];
  readonly tone: DotTone;
  /** It has not begun. */
  readonly pending: boolean;
}

export interface Scene {
  readonly shape: GraphShape;
  readonly places: GraphPlaces;
  /** By number; one that was left out of the plan meanwhile has none. */
  readonly looks: readonly (NodeLook | undefined)[];
  readonly selected: number | null;
  /** By number: each part of the critical path, with the one that follows on it. */
  readonly critical: ReadonlyMap<number, number | null>;
  readonly view: GraphView;
  readonly room: Size;
  readonly colours: GraphColours;
}

type Pen = CanvasRenderingContext2D;

/** From here on letters can be read. */
export const readableScale = 0.62;
/** Below this a part is nothing but a spot of its colour, and edges are straight. */
const spotScale = 0.28;
const radius = 8;

/** Draws what is seen, in as few strokes as it can: a thousand parts take a few milliseconds. */
export function drawGraph(pen: Pen, scene: Scene, ratio: number): void {
  const { view, room, shape, places } = scene;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, room.width, room.height);
  const scale = ratio * view.scale;
  pen.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
  const seen: number[] = [];
  for (let index = 0; index < shape.names.length; index++) {
    if (sees(view, room, boxOf(places, index))) seen.push(index);
  }
  drawEdges(pen, scene);
  if (view.scale < spotScale) drawSpots(pen, scene, seen);
  else for (const index of seen) drawNode(pen, scene, index);
}

function drawEdges(pen: Pen, scene: Scene): void {
  const { shape, looks, critical, colours, view } = scene;
  const plain = new Path2D();
  const pending = new Path2D();
  const decisive = new Path2D();
  for (let child = 0; child < shape.parents.length; child++) {
    for (const parent of shape.parents[child] ?? []) {
      const path = critical.get(parent) === child ? decisive : looks[child]?.pending ? pending : plain;
      addEdge(path, scene, parent, child);
    }
  }
  const spots = view.scale < spotScale;
  pen.lineWidth = spots ? 0.7 / view.scale : 1.3;
  pen.strokeStyle = colours.edge;
  pen.globalAlpha = spots ? 0.35 : 0.8;
  pen.stroke(plain);
  pen.globalAlpha = spots ? 0.22 : 0.45;
  if (!spots) pen.setLineDash([4, 5]);
  pen.stroke(pending);
  pen.setLineDash([]);
  pen.globalAlpha = 1;
  pen.lineWidth = spots ? 1.6 / view.scale : 2.4;
  pen.strokeStyle = colours.soft;
  pen.stroke(decisive);
}

function addEdge(path: Path2D, { places, view, room }: Scene, parent: number, child: number): void {
  const from = boxOf(places, parent);
  const to = boxOf(places, child);
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const box = {
    x: Math.min(x1, x2),
    y: Math.min(y1, y2),
    width: Math.abs(x2 - x1),
    height: Math.abs(y2 - y1),
  };
  if (!sees(view, room, box)) return;
  path.moveTo(x1, y1);
  if (view.scale < spotScale) return path.lineTo(x2, y2);
  const bend = Math.max(24, (x2 - x1) / 2);
  path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
}

/** From far away: one stroke for all of a colour. */
function drawSpots(
  pen: Pen,
  { looks, places, selected, colours, view }: Scene,
  seen: readonly number[],
): void {
  const byTone = new Map<DotTone, number[]>();
  for (const index of seen) {
    const tone = looks[index]?.tone ?? 'quiet';
    const some = byTone.get(tone);
    if (some) some.push(index);
    else byTone.set(tone, [index]);
  }
  for (const [tone, some] of byTone) {
    pen.fillStyle = colours.tones[tone];
    pen.globalAlpha = tone === 'quiet' ? 0.5 : 0.9;
    for (const index of some) {
      const { x, y, width, height } = boxOf(places, index);
      pen.fillRect(x, y, width, height);
    }
  }
  pen.globalAlpha = 1;
  if (selected === null) return;
  const { x, y, width, height } = boxOf(places, selected);
  pen.lineWidth = 2 / view.scale;
  pen.strokeStyle = colours.text;
  pen.strokeRect(x, y, width, height);
}

function drawNode(
  pen: Pen,
  { looks, places, selected, critical, colours, view }: Scene,
  index: number,
): void {
  const look = looks[index];
  if (!look) return;
  const { x, y, width, height } = boxOf(places, index);
  const chosen = index === selected;
  pen.globalAlpha = look.pending && !chosen ? 0.62 : 1;
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
  pen.fillStyle = colours.raised;
  pen.fill();
  pen.lineWidth = chosen ? 2 : 1.2;
  pen.strokeStyle = chosen
    ? colours.text
    : look.tone === 'waits' || look.tone === 'refused'
      ? colours.tones[look.tone]
      : critical.has(index)
        ? colours.soft
        : colours.line;
  pen.stroke();
  const readable = view.scale >= readableScale;
  drawDot(pen, colours.tones[look.tone], look.tone === 'running', {
    x: x + 16,
    y: y + (readable ? 20 : height / 2),
    size: readable ? 4 : 9,
  });
  if (readable) drawWords(pen, look, colours, { x, y });
  pen.globalAlpha = 1;
}

function drawDot(
  pen: Pen,
  colour: string,
  haloed: boolean,
  at: { x: number; y: number; size: number },
): void {
  pen.fillStyle = colour;
  if (haloed) {
    const before = pen.globalAlpha;
    pen.globalAlpha = before * 0.25;
    pen.beginPath();
    pen.arc(at.x, at.y, at.size + 3, 0, 2 * Math.PI);
    pen.fill();
    pen.globalAlpha = before;
  }
  pen.beginPath();
  pen.arc(at.x, at.y, at.size, 0, 2 * Math.PI);
  pen.fill();
}

function drawWords(pen: Pen, look: NodeLook, colours: GraphColours, at: { x: number; y: number }): void {
  pen.textBaseline = 'middle';
  pen.fillStyle = colours.text;
  pen.font = `540 13px ${colours.font}`;
  pen.fillText(shortened(pen, look.title, nodeSize.width - 40), at.x + 28, at.y + 20.5);
  pen.fillStyle = colours.soft;
  pen.font = `400 11.5px ${colours.font}`;
  pen.fillText(shortened(pen, look.facts.join('   '), nodeSize.width - 24), at.x + 12, at.y + 42.5);
}

const short = new Map<string, string>();
const mostShort = 20_000;

/** The text as far as there is room for it; measured once. */
function shortened(pen: Pen, text: string, room: number): string {
  const key = `${pen.font}\n${text}`;
  const known = short.get(key);
  if (known !== undefined) return known;
  let result = text;
  if (pen.measureText(text).width > room) {
    let [fits, fitsNot] = [0, text.length];
    while (fitsNot - fits > 1) {
      const middle = (fits + fitsNot) >> 1;
      if (pen.measureText(`${text.slice(0, middle)}…`).width <= room) fits = middle;
      else fitsNot = middle;
    }
    result = `${text.slice(0, fits).trimEnd()}…`;
  }
  if (short.size > mostShort) short.clear();
  short.set(key, result);
  return result;
}
