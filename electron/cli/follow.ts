import { setTimeout as wait } from 'node:timers/promises';
import { problemOf } from '../../shared/contract/problems.ts';
import type { EventFilter } from '../../shared/contract/record.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';
import type { Client } from './client.ts';

export interface Following {
  readonly client: Client;
  readonly filter: EventFilter;
  /** The first sequence number that was not shown yet. */
  readonly next: number;
  readonly show: (event: RecordedEvent) => Promise<void>;
  readonly say: (text: string) => void;
}

const shortest = 200;
const longest = 5_000;

/** What a person or a mend is needed for does not get better by trying again. */
const lasting = new Set(['unauthorized', 'forbidden', 'invalid_input', 'not_found']);

/** Shows events for ever. A lost connection is taken up again where it was, so none is missed and none shown twice. */
export async function followEvents({ client, filter, next: from, show, say }: Following): Promise<never> {
  let next = from;
  let pause = shortest;
  let lost = false;
  for (;;) {
    try {
      const batches = await client.record.follow({ from: next, filter });
      if (lost) say('Connected again.');
      lost = false;
      for await (const batch of batches) {
        pause = shortest;
        for (const event of batch.events) await show(event);
        ({ next } = batch);
      }
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (lasting.has(problem.code)) throw thrown;
      if (!lost) say('The connection is lost; trying again.');
      lost = true;
    }
    await wait(pause);
    pause = Math.min(longest, pause * 2);
  }
}
