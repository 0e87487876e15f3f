import { setTimeout as wait } from 'node:timers/promises';
import { ORPCError } from '@orpc/client';
import type { EventFilter } from '../../shared/contract/record.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';
import { type Client, connectionLost } from './client.ts';

export interface Following {
  readonly client: Client;
  readonly filter: EventFilter;
  /** The first sequence number that was not shown yet. */
  readonly next: number;
  readonly show: (event: RecordedEvent) => Promise<void>;
  readonly say: (text: string) => void;
  /** Ends it; without one it goes on for ever. */
  readonly signal?: AbortSignal;
}

const shortest = 200;
const longest = 5_000;

/** Shows events for ever. A lost connection is taken up again where it was, so none is missed and none shown twice. */
export async function followEvents(following: Following): Promise<void> {
  const { client, filter, next: from, show, say, signal } = following;
  let next = from;
  let pause = shortest;
  let lost = false;
  for (;;) {
    if (signal?.aborted) return;
    try {
      const batches = await client.record.follow({ from: next, filter }, signal ? { signal } : {});
      if (lost) say('Connected again.');
      lost = false;
      for await (const batch of batches) {
        pause = shortest;
        for (const event of batch.events) await show(event);
        ({ next } = batch);
      }
    } catch (thrown) {
      if (signal?.aborted) return;
      const stopping = thrown instanceof ORPCError && thrown.code === 'unavailable';
      if (!stopping && !connectionLost(thrown)) throw thrown;
      if (!lost) say('The connection is lost; trying again.');
      lost = true;
    }
    await wait(pause);
    pause = Math.min(longest, pause * 2);
  }
}
