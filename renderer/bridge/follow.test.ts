import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import type { Carrier } from './client.ts';
import { connect, type Line } from './connection.ts';
import { follow } from './follow.ts';
import { settled, StandingClock } from './testing/standing-clock.ts';

interface Batch {
  events: number[];
  next: number;
}

const carrier: Carrier = { call: () => Promise.resolve(null) };

test('whatever is cut and whenever, nothing is missed and nothing comes twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ length: fc.integer({ min: 0, max: 5 }), end: fc.constantFrom('cut', 'end', 'line') }),
        { minLength: 1, maxLength: 12 },
      ),
      async (streams) => {
        const clock = new StandingClock();
        let cutLine = () => {};
        const openLine = (): Promise<Line> => {
          const closed = new Promise<void>((resolve) => {
            cutLine = resolve;
          });
          return Promise.resolve({ carrier, closed, close: () => cutLine() });
        };
        const connection = connect(openLine, clock);
        const life = new AbortController();
        const seen: number[] = [];
        const plan = [...streams];
        let next = 100;
        async function* stream(from: number): AsyncGenerator<Batch> {
          const act = plan.shift();
          if (!act) return life.abort();
          for (let i = 0; i < act.length; i++) yield { events: [from + i], next: from + i + 1 };
          if (act.end === 'line') cutLine();
          if (act.end !== 'end') throw new Error('cut');
        }
        const done = follow<Batch>({
          connection,
          timing: clock,
          open: () => Promise.resolve(stream(next)),
          each: (batch) => {
            ({ next } = batch);
            seen.push(...batch.events);
          },
          signal: life.signal,
        });
        while (!life.signal.aborted) {
          await settled();
          await clock.goOn();
        }
        await done;
        const total = streams.reduce((sum, { length }) => sum + length, 0);
        expect(seen).toEqual(Array.from({ length: total }, (_, i) => 100 + i));
      },
    ),
    { numRuns: 100, seed: 5 },
  );
});

test('a problem that trying again would not mend is told', async () => {
  const clock = new StandingClock();
  const openLine = (): Promise<Line> =>
    Promise.resolve({ carrier, closed: new Promise<void>(() => {}), close: () => {} });
  const following = follow({
    connection: connect(openLine, clock),
    timing: clock,
    open: () => Promise.reject(new Problem('forbidden', 'not for you')),
    each: () => {},
    signal: new AbortController().signal,
  });
  await expect(following).rejects.toMatchObject({ code: 'forbidden' });
  expect(clock.next).toBeUndefined();
});
