import { type KeyboardEvent, type RefObject, useCallback, useEffect, useId, useMemo, useRef } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { type NodeLook, readableScale } from './draw-graph.ts';
import { boxOf, type Direction, neighbour } from './graph-places.ts';
import type { GraphShape } from './graph-shape.ts';
import { fitted, moved, revealing, zoomed } from './graph-view.ts';
import styles from './RunGraph.module.css';
import { useCanvas } from './use-canvas.ts';
import { useLaid } from './use-laid.ts';
import { usePointer } from './use-pointer.ts';

export interface RunGraphProps {
  shape: GraphShape;
  /** By their names. */
  looks: ReadonlyMap<string, NodeLook>;
  /** The names of the critical path, in order. */
  critical: readonly string[];
  selected: string | null;
  /** Said aloud of the selected part. */
  told: string;
  onSelect: (part: string | null) => void;
  onOpen: () => void;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const step = 1.25;

/** The plan as a graph: laid out once, drawn on a canvas, walked by keys or the mouse. */
export function RunGraph({ shape, looks, critical, selected, told, onSelect, onOpen }: RunGraphProps) {
  const laid = useLaid(shape);
  const places = laid?.places ?? null;
  const numbers = useMemo(() => new Map(laid?.shape.names.map((name, index) => [name, index])), [laid]);
  const chosen = selected === null ? null : (numbers.get(selected) ?? null);
  const scene = useMemo(
    () =>
      laid && {
        ...laid,
        looks: laid.shape.names.map((name) => looks.get(name)),
        critical: new Map(
          critical.map((name, at) => [numbers.get(name) ?? -1, numbers.get(critical[at + 1] ?? '') ?? null]),
        ),
        selected: chosen,
      },
    [laid, looks, critical, numbers, chosen],
  );
  const { canvas, room, view, setView } = useCanvas(scene);
  const help = useId();

  const fit = useCallback(() => {
    if (places && room) setView(fitted(places, room));
  }, [places, room, setView]);
  const touched = useFitting(places, room, fit);
  const choose = (index: number | null) =>
    onSelect(index === null ? null : (laid?.shape.names[index] ?? null));
  const select = (index: number) => {
    choose(index);
    touched.current = true;
    if (places && room) setView((before) => revealing(before, boxOf(places, index), room, readableScale));
  };
  // With less room than before, the part that is looked at stays seen.
  useEffect(() => {
    if (chosen !== null && places && room && touched.current)
      setView((before) => revealing(before, boxOf(places, chosen), room, before.scale));
    // oxlint-disable-next-line react/exhaustive-deps
  }, [room, places]);
  const zoom = (factor: number) => {
    touched.current = true;
    if (room) setView((before) => zoomed(before, { x: room.width / 2, y: room.height / 2 }, factor));
  };
  const move: typeof setView = (change) => {
    touched.current = true;
    setView(change);
  };
  usePointer({ canvas, view, setView: move, places, onSelect: choose, onOpen });

  const fitAgain = () => {
    touched.current = false;
    fit();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || !laid || !room) return;
    const direction = arrows[event.key];
    if (direction && event.shiftKey) {
      const across = { left: -80, right: 80, up: 0, down: 0 }[direction];
      const down = { left: 0, right: 0, up: -80, down: 80 }[direction];
      move((before) => moved(before, across, down));
    } else if (direction) {
      select(chosen === null ? 0 : (neighbour(laid.shape, laid.places, chosen, direction) ?? chosen));
    } else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === 'Enter') {
      if (chosen === null) select(0);
      else onOpen();
    } else if (event.key === '+' || event.key === '=') zoom(step);
    else if (event.key === '-') zoom(1 / step);
    else if (event.key === '0' || event.key === 'Home') fitAgain();
    else if (event.key === 'Escape' && selected !== null) onSelect(null);
    else return;
    event.preventDefault();
  };

  return (
    <div className={styles.graph} data-laid={places !== null || undefined}>
      {/* An application has keys of its own; what they do is told below. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        className={styles.stage}
        role="application"
        aria-label={`Graph of ${shape.names.length} parts`}
        aria-describedby={help}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
      </div>
      <p id={help} className={styles.hidden}>
        Arrow keys move along its edges, Enter opens a part, plus and minus change the size, 0 shows all.
      </p>
      <p className={styles.hidden} role="status">
        {told}
      </p>
      {!places && <p className={styles.laying}>Laying it out …</p>}
      <Sizes zoom={zoom} fit={fitAgain} />
    </div>
  );
}

function Sizes({ zoom, fit }: { zoom: (factor: number) => void; fit: () => void }) {
  return (
    <div className={styles.tools}>
      <Button look="ghost" aria-label="Smaller" onClick={() => zoom(1 / step)}>
        −
      </Button>
      <Button look="ghost" aria-label="Larger" onClick={() => zoom(step)}>
        +
      </Button>
      <Button look="ghost" onClick={fit}>
        All
      </Button>
    </div>
  );
}

/** Shows all of it, also when there is more or less room; once somebody has moved it, it is left where they look. */
function useFitting(places: unknown, room: unknown, fit: () => void): RefObject<boolean> {
  const touched = useRef(false);
  useEffect(() => {
    if (places && room && !touched.current) fit();
  }, [places, room, fit]);
  return touched;
}
