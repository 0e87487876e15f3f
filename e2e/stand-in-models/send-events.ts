import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Sent } from './answer-plan.ts';
import type { WireName } from './read-request.ts';
import { errorBody } from './refusal.ts';
import type { Failure, Scripted } from './scripted.ts';

function written({ event, data }: Sent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
}

/** Streams an answer, whole or up to where it is to fail. */
export async function sendEvents(
  events: Iterable<Sent>,
  { failure, pace }: Scripted,
  wire: WireName,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = once(outgoing, 'close');
  if (failure?.kind === 'silent') return void (await gone);
  outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const all = [...events];
  const sent = failure ? all.slice(0, Math.ceil(all.length / 2)) : all;
  for (const event of sent) {
    if (outgoing.destroyed) return;
    if (!outgoing.write(written(event))) await Promise.race([once(outgoing, 'drain'), gone]);
    if (pace !== undefined) await Promise.race([wait(pace), gone]);
  }
  const last = sent.at(-1);
  if (failure?.kind === 'drips' && last) await drip(written(last), pace ?? 5, outgoing, gone);
  await endings[failure?.kind ?? 'whole'](outgoing, gone, wire, failure);
}

async function drip(
  text: string,
  pace: number,
  outgoing: ServerResponse,
  gone: Promise<unknown>,
): Promise<void> {
  while (!outgoing.destroyed) {
    outgoing.write(text);
    await Promise.race([wait(pace), gone]);
  }
}

type Ending = (
  outgoing: ServerResponse,
  gone: Promise<unknown>,
  wire: WireName,
  failure: Failure | undefined,
) => unknown;

const endWith =
  (text: string): Ending =>
  (outgoing) =>
    outgoing.end(text);

const endings: Readonly<Record<Failure['kind'] | 'whole', Ending>> = {
  whole: (outgoing) => outgoing.end(),
  ends_early: (outgoing) => outgoing.end(),
  status: (outgoing) => outgoing.end(),
  silent: (_, gone) => gone,
  stalls: (_, gone) => gone,
  drips: (_, gone) => gone,
  async cut(outgoing) {
    // What was written is on its way before the connection breaks.
    await new Promise((resolve) => outgoing.write(': \n\n', resolve));
    outgoing.destroy();
  },
  malformed_json: endWith(written({ event: 'content_block_delta', data: '{"type":"content_block_delta",' })),
  malformed_stream: endWith('event: content_block_delta\ndata: \u0000\u0001 this is no event\n\n'),
  error_event(outgoing, _, wire, failure) {
    const { label = 'overloaded_error', message = 'Overloaded' } = failure as Failure & {
      kind: 'error_event';
    };
    outgoing.end(written({ event: 'error', data: errorBody(wire, label, message) }));
  },
};
