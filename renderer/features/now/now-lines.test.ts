import { expect, test } from 'vitest';
import type { AgentSession } from '../../../shared/agent-session.ts';
import type { Approval } from '../../../shared/approval.ts';
import type { Objective } from '../../../shared/objective.ts';
import type { Run } from '../../../shared/run.ts';
import type { Session } from '../../../shared/session.ts';
import { foundWords } from './found-words.ts';
import { latelyLines, waitingLines, workingLines } from './now-lines.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 6, 12, minute)).toISOString();

const talk = (id: string, activity: AgentSession['activity'], minute: number, more: object = {}) =>
  ({
    id,
    agent: 'coder',
    title: id,
    activity,
    detail: null,
    parent: null,
    run: null,
    review: 'none',
    changed: at(minute),
    ...more,
  }) as unknown as AgentSession;

const command = (id: string, state: Session['state'], minute: number) =>
  ({
    id,
    argv: ['make', 'all'],
    state,
    started: at(minute),
    ended: state === 'ended' ? at(minute) : null,
    outcome: null,
    review: 'none',
    progress: null,
    work: null,
  }) as unknown as Session;

const approval = (id: string, state: Approval['state'], minute: number) =>
  ({ id, state, line: `touch ${id}`, agent: 'coder', where: 'in a sandbox', asked: at(minute) }) as Approval;

const run = (id: string, state: Run['state'], minute: number, more: object = {}) =>
  ({
    id,
    title: id,
    state,
    detail: null,
    outcome: state === 'finished' ? { label: 'success', reason: null } : null,
    counts: {},
    waits: 0,
    reviewing: false,
    changed: at(minute),
    ...more,
  }) as unknown as Run;

const failedAt = (minute: number) => ({ what: 'begins', due: at(minute), ended: at(minute), ok: false });
const objective = (name: string, more: object) =>
  ({
    name,
    words: name,
    problem: null,
    paused: false,
    pausedBy: null,
    running: 0,
    failures: 0,
    times: [],
    ...more,
  }) as unknown as Objective;

const ids = (lines: readonly { id: string }[]) => lines.map(({ id }) => id);

test('what only the person moves on waits, the oldest first, and is in no other list', () => {
  const known = {
    approvals: [
      approval('b', 'pending', 4),
      approval('put off', 'deferred', 1),
      approval('done', 'granted', 1),
    ],
    talks: [
      talk('unsure', 'unsure', 3),
      talk('poor', 'out_of_budget', 9),
      talk('reviewed', 'ended', 6, { review: 'waiting' }),
      talk('asks', 'waiting', 4),
      talk('rests', 'idle', 1),
    ],
    commands: [
      command('changes', 'reviewing', 2),
      command('runs', 'running', 8),
      command('over', 'ended', 7),
    ],
    runs: [
      run('planned', 'asking', 5),
      run('goes', 'running', 6),
      run('went', 'finished', 9),
      run('changed', 'finished', 7, { reviewing: true }),
    ],
    objectives: [
      objective('goes', {}),
      objective('failing', { failures: 2, times: [failedAt(8)] }),
      objective('rests', { failures: 1, paused: true, pausedBy: 'asked', times: [failedAt(1)] }),
      objective('gave up', { failures: 3, paused: true, pausedBy: 'failures', times: [failedAt(0)] }),
    ],
  };
  expect(ids(waitingLines(known))).toEqual([
    'objective gave up',
    'changes',
    'unsure',
    'b',
    'planned',
    'reviewed',
    'changed',
    'objective failing',
    'poor',
  ]);
  expect(waitingLines(known).every(({ tone }) => tone === 'waits')).toBe(true);
  expect(ids(workingLines(known))).toEqual(['runs', 'goes', 'asks']);
  expect(ids(latelyLines(known))).toEqual(['went', 'over', 'rests']);
  expect(waitingLines(known).find(({ id }) => id === 'b')).toMatchObject({
    title: 'touch b',
    words: 'coder asks, in a sandbox',
    href: '#/approvals?approval=b',
  });
});

test('what an agent started for itself, or works for a run, is at work with it, and is listed once it waits for the person', () => {
  const child = { parent: 'ses_parent' };
  const known = {
    approvals: [],
    talks: [
      talk('works', 'working', 1, child),
      talk('over', 'ended', 2, child),
      talk('stuck', 'unsure', 3, child),
      talk('part', 'working', 4, { run: 'run_1' }),
      talk('done', 'ended', 5, { run: 'run_1' }),
    ],
    commands: [],
    runs: [],
    objectives: [],
  };
  expect(workingLines(known)).toEqual([]);
  expect(latelyLines(known)).toEqual([]);
  expect(ids(waitingLines(known))).toEqual(['stuck']);
});

test('what was found for models is named; where nothing was, the step says what is needed', () => {
  const keys = [{ provider: 'openai', variable: 'OPENAI_API_KEY', stored: false }];
  const servers = [{ provider: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1', models: ['llama:8b'] }];
  expect(foundWords({ keys, servers })).toBe(
    'Found here: ollama answers on this machine with llama:8b; OPENAI_API_KEY is in the environment.',
  );
  expect(foundWords({ keys: [], servers: [] })).toContain('One of a provider');
  expect(foundWords(null)).toContain('One of a provider');
});
