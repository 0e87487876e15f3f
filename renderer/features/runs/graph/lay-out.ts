import ELK from 'elkjs/lib/elk-api.js';
import workerFile from 'elkjs/lib/elk-worker.min.js?url';
import { elkGraph, placesIn } from './elk-graph.ts';
import { type GraphPlaces, inColumns } from './graph-places.ts';
import type { GraphShape } from './graph-shape.ts';

/** Beyond this it would take longer than anybody waits, and nobody could read its edges. */
const mostLaidOut = 4000;

/** Lays a graph out in a worker, which ends with it. Rejects where the signal ends it first. */
export async function layOut(shape: GraphShape, signal: AbortSignal): Promise<GraphPlaces> {
  if (shape.names.length === 0 || shape.names.length > mostLaidOut) return inColumns(shape);
  const worker = new Worker(workerFile);
  const broken = new Promise<null>((resolve) =>
    worker.addEventListener('error', () => resolve(null), { once: true }),
  );
  const aborted = new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  try {
    const elk = new ELK({ workerFactory: () => worker });
    const laid = await Promise.race([elk.layout(elkGraph(shape)), broken, aborted]);
    return laid === null ? inColumns(shape) : placesIn(laid);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return inColumns(shape);
  } finally {
    worker.terminate();
  }
}
