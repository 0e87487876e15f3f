import { expect, test } from 'vitest';
import type { Session } from '../../../../shared/session.ts';
import type { SessionWork } from '../../../../shared/session-work.ts';
import { stepsOf } from './work-steps.ts';

const collected = { base: 'a', head: 'b', commits: 1, files: 2, untracked: 0, added: 3, removed: 1 };
const layer = { id: 'x', name: 'x', holds: 'kernel', detail: '' } as const;
const steps = (session: Partial<Session>, work: Partial<SessionWork> = {}) =>
  stepsOf(
    { state: 'preparing', progress: null, outcome: null, layers: [], ...session } as Session,
    { base: null, collected: null, record: null, sealed: false, ...work } as SessionWork,
  )
    .map(({ state }) => state)
    .join(' ');
const over = (label: 'success' | 'cancelled') => ({
  state: 'ended' as const,
  outcome: { label, code: 0, signal: null, reason: null },
});

test('a command agent is somewhere between its place in the queue and its sealed record', () => {
  expect(steps({ progress: 'waits for a place (2 before it)' })).toBe('now next next next next');
  expect(steps({ progress: 'clones its repository' })).toBe('done now next next next');
  expect(steps({ state: 'running', layers: [layer] }, { base: 'a' })).toBe('done done now next next');
  const sealed = { base: 'a', collected, record: '/r', sealed: true };
  expect(steps({ ...over('success'), layers: [layer] }, sealed)).toBe('done done done done done');
});

test('what it never came to is told, and a record that is incomplete', () => {
  expect(steps(over('cancelled'), {})).toBe('left_out left_out left_out left_out left_out');
  expect(steps({ ...over('success'), layers: [layer] }, { base: 'a', record: '/r' })).toBe(
    'done done done left_out failed',
  );
});
