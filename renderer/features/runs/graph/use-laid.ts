import { useEffect, useState } from 'react';
import type { GraphPlaces } from './graph-places.ts';
import type { GraphShape } from './graph-shape.ts';
import { layOut } from './lay-out.ts';

export interface LaidGraph {
  readonly shape: GraphShape;
  readonly places: GraphPlaces;
}

/** A graph with its places, which stays until another shape has its own; null before the first. */
export function useLaid(shape: GraphShape): LaidGraph | null {
  const [laid, setLaid] = useState<LaidGraph | null>(null);
  useEffect(() => {
    const life = new AbortController();
    layOut(shape, life.signal).then(
      (places) => !life.signal.aborted && setLaid({ shape, places }),
      () => undefined,
    );
    return () => life.abort();
  }, [shape]);
  return laid;
}
