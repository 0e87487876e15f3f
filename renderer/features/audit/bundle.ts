import type { EventFilter, Withhold } from '../../../shared/contract/record.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Client } from '../../bridge/client.ts';
import { fromBase64 } from './digest.ts';
import type { Range } from './ExportRange.tsx';

export interface Step {
  phase: string;
  done: number;
  total: number;
}

type Told = Awaited<ReturnType<Client['record']['export']>> extends AsyncIterable<infer Item> ? Item : never;
export type Bundle = NonNullable<Told['result']>;

/** From the first to the last event that a filter finds; null where it finds none. */
export async function rangeOf(
  client: Client,
  filter: EventFilter,
  signal: AbortSignal,
): Promise<Range | null> {
  const [newest, oldest] = await Promise.all([
    client.record.query({ filter, limit: 1 }, { signal }),
    client.record.query({ filter, after: -1, limit: 1 }, { signal }),
  ]);
  const from = oldest.events[0]?.seq;
  const to = newest.events[0]?.seq;
  return from === undefined || to === undefined ? null : { from, to };
}

export async function makeBundle(
  client: Client,
  request: Range & { withhold: Withhold },
  onStep: (step: Step) => void,
  signal: AbortSignal,
): Promise<Bundle> {
  for await (const told of await client.record.export(request, { signal })) {
    if (told.progress) onStep(told.progress);
    if (told.result) return told.result;
  }
  throw new Problem('unavailable', 'The export ended without a bundle.', 'Start it again.');
}

/** Reads the bundle piece by piece; the pieces become one Blob, which the browser may keep on disk. */
export async function fetchBundle(
  client: Client,
  { bundle, bytes }: Bundle,
  onStep: (step: Step) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const pieces: Blob[] = [];
  let done = 0;
  for (let offset: number | null = 0; offset !== null;) {
    const piece: { base64: string; next: number | null } = await client.record.readExport(
      { bundle, offset },
      { signal },
    );
    const content = fromBase64(piece.base64);
    pieces.push(new Blob([content]));
    done += content.length;
    onStep({ phase: 'Saving', done, total: bytes });
    offset = piece.next;
  }
  return new Blob(pieces, { type: 'application/gzip' });
}
