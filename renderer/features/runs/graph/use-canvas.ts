import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTheme } from '../../../ui/theme.ts';
import { drawGraph, type Scene } from './draw-graph.ts';
import { type GraphColours, readColours } from './graph-colours.ts';
import type { GraphView, Size } from './graph-view.ts';

export interface GraphCanvas {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  /** Null before the first look. */
  readonly room: Size | null;
  readonly view: RefObject<GraphView>;
  readonly setView: (change: GraphView | ((before: GraphView) => GraphView)) => void;
}

/** Draws a scene once a frame at most, and only when something of it has changed. */
export function useCanvas(content: Omit<Scene, 'view' | 'room' | 'colours'> | null): GraphCanvas {
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<GraphView>({ x: 0, y: 0, scale: 1 });
  const [room, setRoom] = useState<Size | null>(null);
  const colours = useColours();
  const latest = useRef({ content, room, colours });
  latest.current = { content, room, colours };
  const due = useRef(0);

  const [draw] = useState(() => () => {
    due.current ||= requestAnimationFrame(() => {
      due.current = 0;
      const present = latest.current;
      const pen = canvas.current?.getContext('2d');
      if (!pen || !present.content || !present.room || !present.colours) return;
      const { room: size, colours: known } = present;
      drawGraph(
        pen,
        { ...present.content, view: view.current, room: size, colours: known },
        devicePixelRatio,
      );
    });
  });
  const [setView] = useState(() => (change: GraphView | ((before: GraphView) => GraphView)) => {
    view.current = typeof change === 'function' ? change(view.current) : change;
    draw();
  });
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const watching = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      if (width === 0 || height === 0) return;
      element.width = Math.round(width * devicePixelRatio);
      element.height = Math.round(height * devicePixelRatio);
      setRoom({ width, height });
    });
    watching.observe(element);
    return () => {
      watching.disconnect();
      cancelAnimationFrame(due.current);
      due.current = 0;
    };
  }, []);
  useEffect(draw, [draw, content, room, colours]);
  return { canvas, room, view, setView };
}

/** The theme’s colours, read again when it changes. */
function useColours(): GraphColours | null {
  const theme = useTheme((state) => state.theme);
  const [colours, setColours] = useState<GraphColours | null>(null);
  useEffect(() => {
    const read = () => setColours(readColours());
    read();
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', read);
    // Letters are measured and drawn in the page’s own font, which may come after the first picture.
    void document.fonts.ready.then(read);
    return () => dark.removeEventListener('change', read);
  }, [theme]);
  return colours;
}
