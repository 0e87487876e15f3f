import { expect, test } from 'vitest';
import type { Session } from '../../shared/session.ts';
import type { SessionWork } from '../../shared/session-work.ts';
import { changedWords, commandStanding, nameOfRepository, sessionTitle } from './session-standing.ts';

const collected = { base: 'a', head: 'b', commits: 1, files: 2, untracked: 1, added: 3, removed: 1 };
const work = (more: Partial<SessionWork> = {}) =>
  ({
    agent: 'mender',
    repository: 'https://git.example.org/sea/tide.git',
    collected,
    kept: true,
    ...more,
  }) as SessionWork;
const session = (more: Partial<Session>) =>
  ({
    argv: ['sh'],
    state: 'ended',
    review: 'none',
    progress: null,
    work: null,
    outcome: null,
    ...more,
  }) as Session;
const success = { label: 'success', code: 0, signal: null, reason: null } as const;

test('a command agent is known by its name and its repository, and waits while what it changed is kept', () => {
  const at = session({ work: work(), outcome: success });
  expect(sessionTitle(at)).toBe('mender on tide');
  expect(commandStanding(at)).toEqual({ words: 'succeeded, its changes wait for you', tone: 'waits' });
  expect(commandStanding({ ...at, work: work({ kept: false }) })).toEqual({
    words: 'succeeded',
    tone: 'quiet',
  });
  expect(sessionTitle(session({}))).toBe('sh');
});

test('what changed is told in few words', () => {
  expect(changedWords(work())).toBe('2 files, 1 commit, +3\u00A0−1');
  expect(changedWords(work({ collected: { ...collected, commits: 0 } }))).toBe('2 files, +3\u00A0−1');
  expect(changedWords(work({ collected: { ...collected, commits: 0, files: 0 } }))).toBe('nothing changed');
  expect(changedWords(work({ collected: null }))).toBe('');
});

test.each([
  ['/home/sam/tide/', 'tide'],
  ['git://host/x.git', 'x'],
  ['/', '/'],
])('%s is called %s', (repository, name) => {
  expect(nameOfRepository(repository)).toBe(name);
});
