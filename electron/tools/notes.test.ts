import { expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { noteHands } from './notes/note-hands.ts';
import { notesText } from './notes/note-text.ts';
import { Notes } from './notes/notes.ts';
import { openToolRecord, operator } from './testing/open-tool-record.ts';
import { someHandsOf } from './testing/some-hands-of.ts';

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => Problem.of(thrown),
  );

const personAt = (agent: string, actor: typeof operator) => ({ agent, actor, scope: { agent }, quota: null });

test('notes are kept for each agent by itself, pinned, replaced and removed, also in the next life', async () => {
  const first = await openToolRecord();
  const notes = new Notes(first.record);
  const mine = noteHands(notes, someHandsOf({ agent: { name: 'mine' } }));
  const other = noteHands(notes, someHandsOf({ agent: { name: 'other' } }));
  await mine.save('where', 'in the cellar', null);
  await mine.save('who', 'nobody', true);
  await other.save('where', 'in the attic', null);
  expect(await mine.get('where')).toMatchObject({ content: 'in the cellar', pinned: false });
  await mine.save('who', 'somebody', null);
  expect((await mine.pin('where', true)).pinned).toBe(true);
  await mine.pin('who', false);
  await mine.remove('where');
  await first.close();

  const { record } = await openToolRecord(first.folder);
  const later = new Notes(record);
  expect(await later.list('mine')).toMatchObject([{ key: 'who', content: 'somebody', pinned: false }]);
  expect(await later.list('other')).toMatchObject([{ key: 'where', content: 'in the attic' }]);
  expect(later.agents()).toEqual([
    { agent: 'mine', count: 1 },
    { agent: 'other', count: 1 },
  ]);
  expect((await record.rebuild(operator)).differences).toBe(0);
});

test('quotas and keys are held to, and a key that is not there is answered with those that are', async () => {
  const { record } = await openToolRecord();
  const notes = new Notes(record);
  const quota = { mostCount: 2, mostBytes: 64, section: 'off' as const };
  const hands = noteHands(notes, someHandsOf({ agent: { notes: quota } }));
  expect((await problemOf(hands.get('none')))?.mend).toBe('There is none at all.');
  // Two at once do not get past the quota together.
  const saved = await Promise.allSettled(['a', 'b', 'c', 'd'].map((key) => hands.save(key, 'x', null)));
  expect(saved.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(await problemOf(hands.save('e', 'x', null))).toMatchObject({ code: 'too_many' });
  await hands.save('a', 'é'.repeat(32), null);
  expect(await problemOf(hands.save('a', 'é'.repeat(33), null))).toMatchObject({ code: 'too_large' });
  for (const key of ['A', '-a', 'a b', 'a'.repeat(65), '', '../a']) {
    expect(await problemOf(hands.save(key, 'x', null)), key).toMatchObject({ code: 'invalid_input' });
  }
  const missing = await problemOf(hands.get('z'));
  expect(missing).toMatchObject({ code: 'not_found', mend: 'There are a, b.' });
  const person = personAt('tester', operator);
  for (let i = 0; i < 25; i++) await notes.save(person, `k${i}`, 'x', null);
  expect((await problemOf(hands.get('z')))?.mend?.split(', ')).toHaveLength(20);
});

test('what a person erases is on the record no more, in no version of it', async () => {
  const { record } = await openToolRecord();
  const notes = new Notes(record);
  const hands = noteHands(notes, someHandsOf());
  await hands.save('plan', 'the first wording', null);
  await hands.save('plan', 'the second wording', null);
  await hands.save('other', 'stays as wording', null);
  await notes.erase(personAt('tester', operator), 'plan');
  expect(await notes.list('tester')).toMatchObject([{ key: 'other' }]);
  const found = async (text: string) =>
    (await record.query({ filter: { text }, limit: 10 })).events.map(({ kind }) => kind);
  expect(await found('first')).toEqual([]);
  expect(await found('second')).toEqual([]);
  expect(await found('stays')).toEqual(['note.worded']);
  expect((await record.rebuild(operator)).differences).toBe(0);
  // One that its agent had removed before can be erased as well.
  await hands.remove('other');
  await notes.erase(personAt('tester', operator), 'other');
  expect(await found('stays')).toEqual([]);
});

test('a prompt holds pinned notes whole, and a table of all where that is wanted', () => {
  const note = (key: string, content: string, pinned: boolean) => ({
    key,
    content,
    pinned,
    changed: '2026-11-20T10:00:00.000Z',
  });
  const notes = [note('long', `first line\n${'x'.repeat(200)}`, false), note('rule', 'ask\nfirst', true)];
  expect(notesText([], true)).toBeNull();
  expect(notesText([notes[0]!], false)).toBeNull();
  expect(notesText(notes, false)).toMatch(/## rule \(pinned\)\nask\nfirst$/);
  const table = notesText(notes, true) ?? '';
  const row = table.split('\n').find((line) => line.startsWith('- long'));
  expect(row).toBe(`- long (2026-11-20): first line ${'x'.repeat(68)}…`);
});
