import { expect, test } from 'vitest';
import type { TranscriptEntry } from '../../../shared/agent-session.ts';
import { emptyConversation, keyOf, withNews, withPage } from './conversation-store.ts';

const note = (seq: number, text: string): TranscriptEntry => ({
  kind: 'note',
  seq,
  time: '2026-01-01T00:00:00.000Z',
  tone: 'quiet',
  text,
});
const call = (seq: number, id: string, state: 'running' | 'done') =>
  ({
    kind: 'call',
    seq,
    time: '2026-01-01T00:00:00.000Z',
    card: { call: id, state },
  }) as unknown as TranscriptEntry;

test('what is written is appended, void takes it back, and an entry that comes again stands in its place', () => {
  const writing = withNews(emptyConversation, [
    { kind: 'writing', text: 'The ', thinking: '' },
    { kind: 'writing', text: 'tide', thinking: 'hm' },
  ]);
  expect(writing).toMatchObject({ writing: 'The tide', thinking: 'hm' });
  const told = withNews(writing, [
    { kind: 'entry', entry: note(7, 'one') },
    { kind: 'void' },
    { kind: 'entry', entry: note(7, 'other') },
  ]);
  expect(told).toMatchObject({ writing: '', thinking: '' });
  expect(told.entries).toEqual([note(7, 'other')]);
});

test('calls stand behind the answer whose number they have, in their order, also when they change', () => {
  const answer = { ...note(5, ''), kind: 'answer' } as unknown as TranscriptEntry;
  const first = withNews(emptyConversation, [
    { kind: 'entry', entry: call(5, 'call_a', 'running') },
    { kind: 'entry', entry: answer },
    { kind: 'entry', entry: call(5, 'call_b', 'running') },
  ]);
  const later = withNews(first, [{ kind: 'entry', entry: call(5, 'call_a', 'done') }]);
  expect(later.entries.map(keyOf)).toEqual(['5', 'call_a', 'call_b']);
  expect(later.entries[1]).toMatchObject({ card: { state: 'done' } });
});

test('an older page comes before, and what is known already is newer than what it says', () => {
  const present = withNews(emptyConversation, [{ kind: 'entry', entry: note(9, 'new') }]);
  const all = withPage(present, { entries: [note(3, 'old'), note(9, 'stale')], before: 3 });
  expect(all.entries).toEqual([note(3, 'old'), note(9, 'new')]);
  expect(all.before).toBe(3);
});
