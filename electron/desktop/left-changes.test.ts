import { expect, test } from 'vitest';
import type { Scope } from '../../shared/events/event.ts';
import { changesTold, leftChanges } from './left-changes.ts';

const session = 'ses_01jdc0ffee0123456789abcdef';
const here: Scope = { session };
const told = (kind: string, data: Record<string, string | number>, scope: Scope = here) =>
  changesTold({ kind, scope, data });
const waits = { session, wait: true };
const decided = { session, wait: false };

test('changes that a session leaves wait until they are decided about', () => {
  expect(told('work.collected', { files: 1, commits: 0 })).toEqual(waits);
  expect(told('work.collected', { files: 0, commits: 1 })).toEqual(waits);
  expect(told('session.ended', { review: 'waiting' })).toEqual(waits);
  expect(told('changes.applied', { left: 0 })).toEqual(decided);
  expect(told('changes.discarded', {})).toEqual(decided);
  expect(told('work.applied', {})).toEqual(decided);
  expect(told('work.discarded', {})).toEqual(decided);
});

test('where nothing was changed, or a run tells of it, nothing is told', () => {
  expect(told('work.collected', { files: 0, commits: 0 })).toBeNull();
  expect(told('session.ended', { review: 'none' })).toBeNull();
  expect(told('changes.applied', { left: 2 })).toBeNull();
  const run = 'run_01jdc0ffee0123456789abcdef';
  expect(told('session.ended', { review: 'waiting' }, { session, run })).toBeNull();
  expect(told('session.ended', { review: 'waiting' }, {})).toBeNull();
});

test('an event whose data was erased says nothing of them', () => {
  expect(changesTold({ kind: 'work.collected', scope: { session } })).toBeNull();
});

test('a notice leads to its session', () => {
  expect(leftChanges(session).place).toBe(`#/sessions?session=${session}`);
});
