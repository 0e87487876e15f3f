import { type RefObject, useEffect, useRef } from 'react';
import { boxOf, type GraphPlaces } from './graph-places.ts';
import { type GraphView, moved, zoomed } from './graph-view.ts';

export interface Pointing {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  readonly view: RefObject<GraphView>;
  readonly setView: (change: (before: GraphView) => GraphView) => void;
  readonly places: GraphPlaces | null;
  readonly onSelect: (index: number | null) => void;
  readonly onOpen: () => void;
}

/** A press that moves no further than this is a click. */
const still = 4;

/** Dragged it moves, pinched or with Ctrl it grows, clicked it selects. */
export function usePointer(pointing: Pointing): void {
  const latest = useRef(pointing);
  latest.current = pointing;
  const { canvas } = pointing;
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let held: { x: number; y: number; far: boolean } | null = null;
    const placeOf = (event: MouseEvent) => {
      const { left, top } = element.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const life = new AbortController();
    const { signal } = life;
    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      held = { x: event.clientX, y: event.clientY, far: false };
      element.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent) => {
      if (!held) return;
      const [across, down] = [held.x - event.clientX, held.y - event.clientY];
      if (!held.far && Math.hypot(across, down) < still) return;
      held = { x: event.clientX, y: event.clientY, far: true };
      latest.current.setView((before) => moved(before, across, down));
    };
    const onUp = (event: PointerEvent) => {
      if (held && !held.far) latest.current.onSelect(partAt(latest.current, placeOf(event)));
      held = null;
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { setView } = latest.current;
      const at = placeOf(event);
      if (event.ctrlKey || event.metaKey)
        setView((before) => zoomed(before, at, Math.exp(-event.deltaY / 180)));
      else setView((before) => moved(before, event.deltaX, event.deltaY));
    };
    element.addEventListener('pointerdown', onDown, { signal });
    element.addEventListener('pointermove', onMove, { signal });
    element.addEventListener('pointerup', onUp, { signal });
    element.addEventListener('pointercancel', () => (held = null), { signal });
    element.addEventListener('wheel', onWheel, { signal, passive: false });
    element.addEventListener('dblclick', () => latest.current.onOpen(), { signal });
    return () => life.abort();
  }, [canvas]);
}

function partAt({ places, view }: Pointing, at: { x: number; y: number }): number | null {
  if (!places) return null;
  const { x, y, scale } = view.current;
  const point = { x: x + at.x / scale, y: y + at.y / scale };
  for (let index = 0; index < places.x.length; index++) {
    const box = boxOf(places, index);
    const inside =
      point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height;
    if (inside) return index;
  }
  return null;
}
