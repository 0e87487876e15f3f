import { expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import type { Carrier } from './client.ts';
import { backOff, connect, type Line } from './connection.ts';
import { settled, StandingClock } from './testing/standing-clock.ts';

const carrier: Carrier = { call: () => Promise.resolve('answered') };

/** A house whose door is opened and closed by the test. */
function door() {
  const state = { open: true, refuses: false, tries: 0, cut: () => {} };
  const openLine = (): Promise<Line> => {
    state.tries++;
    if (state.refuses) return Promise.reject(new Problem('unauthorized', 'who are you'));
    if (!state.open) return Promise.reject(new Problem('unreachable', 'nobody there'));
    const closed = new Promise<void>((resolve) => {
      state.cut = resolve;
    });
    return Promise.resolve({ carrier, closed, close: () => state.cut() });
  };
  return { state, openLine };
}

test('asks wait for the first connection, and fail at once while it is lost', async () => {
  const clock = new StandingClock();
  const { state, openLine } = door();
  const connection = connect(openLine, clock);
  expect(await connection.carrier()).toBe(carrier);
  state.open = false;
  state.cut();
  await settled();
  expect(connection.state.getState()).toMatchObject({ phase: 'reconnecting', attempt: 1 });
  await expect(connection.carrier()).rejects.toMatchObject({ code: 'unreachable', mend: expect.any(String) });
});

test('a lost connection is tried again, ever more slowly, and says since when it is lost', async () => {
  const clock = new StandingClock();
  const { state, openLine } = door();
  const connection = connect(openLine, clock);
  await settled();
  state.open = false;
  state.cut();
  await settled();
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    waits.push(clock.next ?? 0);
    await clock.goOn();
  }
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBeLessThanOrEqual(8000);
  expect(connection.state.getState()).toMatchObject({ phase: 'reconnecting', since: 0 });
  state.open = true;
  await clock.goOn();
  expect(connection.state.getState()).toMatchObject({ phase: 'connected', attempt: 0 });
  expect(clock.next).toBeUndefined();
});

test('a refused token ends all trying', async () => {
  const clock = new StandingClock();
  const { state, openLine } = door();
  const connection = connect(openLine, clock);
  await settled();
  state.refuses = true;
  state.cut();
  await settled();
  await clock.goOn();
  expect(connection.state.getState().phase).toBe('refused');
  expect(clock.next).toBeUndefined();
  await expect(connection.carrier()).rejects.toMatchObject({ code: 'unauthorized' });
  await expect(connection.connected(new AbortController().signal)).rejects.toMatchObject({
    code: 'unauthorized',
  });
});

test('hurry tries now instead of later, and only one attempt is under way', async () => {
  const clock = new StandingClock();
  const { state, openLine } = door();
  state.open = false;
  const connection = connect(openLine, clock);
  await settled();
  state.open = true;
  connection.hurry();
  connection.hurry();
  expect(clock.next).toBe(0);
  await clock.goOn();
  expect(connection.state.getState().phase).toBe('connected');
  expect(state.tries).toBe(2);
});

test('hurry does not start a second attempt beside one that is under way', async () => {
  const clock = new StandingClock();
  let tries = 0;
  const connection = connect(() => {
    tries++;
    return new Promise<Line>(() => {});
  }, clock);
  connection.hurry();
  await clock.goOn();
  expect(tries).toBe(1);
});

test('a closed connection stays closed', async () => {
  const clock = new StandingClock();
  const { state, openLine } = door();
  const connection = connect(openLine, clock);
  await settled();
  connection.close();
  await settled();
  expect(clock.next).toBeUndefined();
  expect(state.tries).toBe(1);
});

test('waits grow to a bound and differ between windows', () => {
  expect(backOff(0, 0)).toBe(125);
  expect(backOff(0, 1)).toBe(250);
  expect(backOff(50, 1)).toBe(8000);
  expect(backOff(3, 0.2)).not.toBe(backOff(3, 0.8));
});
