import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import { sentenceOf } from '../../../shared/events/catalogue.ts';
import { type ToolCall, tool } from '../calling/tool.ts';

const eventSchema = z.object({
  seq: z.number(),
  time: z.string(),
  kind: z.string(),
  by: z.string(),
  sentence: z.string(),
  run_id: z.string().nullable(),
});

export const searchRecord = tool({
  name: 'search_record',
  title: 'Search the record',
  description:
    'Finds what is on the record of one of your runs, or, without a run, of what you did yourself. The newest first.',
  input: z.strictObject({
    run_id: z.string().min(1).max(40).optional(),
    text: z.string().max(500).optional().describe('Words, each of which must occur'),
    kinds: z.array(z.string().max(100)).max(100).optional().describe('Such as tool.*'),
    before: z.int().min(0).optional().describe('`next` of the page before'),
    most: z.int().min(1).max(200).default(50),
  }),
  output: z.object({ events: z.array(eventSchema), next: z.number().nullable() }),
  reads: true,
  async does({ run_id, before, most, ...words }, { house, runs, caller }) {
    const whose = run_id === undefined ? { actor: caller.id } : { run: runs.own(run_id) };
    const { events, next } = await house.record.query({
      filter: { ...words, ...whose },
      before,
      limit: most,
    });
    return {
      output: {
        events: events.map((event) => ({
          seq: event.seq,
          time: event.time,
          kind: event.kind,
          by: event.actor.id ?? event.actor.kind,
          sentence: sentenceOf(event),
          run_id: event.scope.run ?? null,
        })),
        next,
      },
    };
  },
});

const mostBytes = 2 << 20;

export const getBundle = tool({
  name: 'get_bundle',
  title: 'Get the proof of a run',
  description:
    'Makes a bundle of the record of a run that you began and that is over: a file that proves what happened, and that anybody can check without Holdfast. What other events say is kept back.',
  input: z.strictObject({ run_id: z.string().min(1).max(40) }),
  output: z.object({
    name: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    events: z.number(),
    withheld: z.number(),
  }),
  async does({ run_id }, call) {
    const run = await call.runs.get(run_id);
    if (run.state !== 'finished') throw new Problem('conflict', 'It is not over yet.', 'Wait for its end.');
    const { bundle, ...made } = await madeBundle(run.id, call);
    const { name, bytes, sha256, events, withheld } = made;
    const attached = {
      uri: `holdfast://runs/${run.id}/bundle`,
      type: 'application/gzip',
      content: await content(bundle, bytes, call),
    };
    return { output: { name, bytes, sha256, events, withheld }, attached };
  },
});

async function madeBundle(run: Parameters<ToolCall['runs']['has']>[0], { house, caller, signal }: ToolCall) {
  const { record } = house;
  const filter = { run };
  const [first] = (await record.query({ filter, after: -1, limit: 1 })).events;
  const [last] = (await record.query({ filter, limit: 1 })).events;
  if (!first || !last) throw new Problem('not_found', 'Nothing of it is on the record.');
  const withhold = {
    kinds: [],
    events: [],
    blobs: [],
    allData: false,
    allBlobs: false,
    onlyRun: run as `run_${string}`,
    onlySession: null,
  };
  const request = { from: first.seq, to: last.seq, withhold, by: caller.actor };
  for await (const told of record.export(request, signal())) if (told.result) return told.result;
  throw new Problem('cancelled', 'It was ended.');
}

async function content(bundle: `bun_${string}`, bytes: number, { house }: ToolCall): Promise<Uint8Array> {
  if (bytes > mostBytes) {
    throw new Problem(
      'too_large',
      `The bundle has ${bytes.toLocaleString('en')} bytes, and ${mostBytes.toLocaleString('en')} go through here.`,
      'Let the person export it, in the window or by `holdfast export`.',
    );
  }
  const pieces: Uint8Array[] = [];
  for (let offset: number | null = 0; offset !== null;) {
    const piece: { content: Uint8Array; next: number | null } = await house.record.readExport(bundle, offset);
    pieces.push(piece.content);
    offset = piece.next;
  }
  return Buffer.concat(pieces);
}
