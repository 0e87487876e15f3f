import { expect, test } from 'vitest';
import { ManualClock } from '../base/manual-clock.ts';
import { Tickets } from './tickets.ts';

test('a clock that is set back makes no ticket live longer', () => {
  const clock = new ManualClock();
  const tickets = new Tickets(clock);
  const { ticket } = tickets.issue();
  clock.advance(-24 * 3_600_000);
  expect(() => tickets.redeem(ticket)).toThrow('This link has been used or has expired.');
  tickets.redeem(tickets.issue().ticket);
});
