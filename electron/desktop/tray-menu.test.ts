import { expect, test } from 'vitest';
import type { Approval } from '../../shared/approval.ts';
import type { Status } from '../../shared/contract/house.ts';
import { noticesBetween } from './notices.ts';
import { recordWords, trayMenu, trayTooltip } from './tray-menu.ts';
import { firstView, type View } from './view.ts';

const view = (part: Partial<View>, storage: 'ok' | 'full' | 'failing' = 'ok', size = 1204): View => ({
  ...firstView,
  status: { record: { size, storage } } as Status,
  ...part,
});
const labels = (shown: View) => trayMenu(shown).map((entry) => entry?.label);

test('the record is told in one line, as it is', () => {
  expect(recordWords(firstView)).toBe('Looking at the record …');
  expect(recordWords(view({}))).toBe('1,204 events on the record');
  expect(recordWords(view({}, 'ok', 1))).toBe('1 event on the record');
  expect(recordWords(view({}, 'full'))).toBe('The disk is full: nothing can be recorded');
  expect(recordWords(view({}, 'failing'))).toBe('The disk refuses to write: nothing can be recorded');
  expect(recordWords(view({ reach: 'lost' }))).toBe('The daemon does not answer');
});

test('what waits comes first, and only then leads somewhere', () => {
  const waits = (shown: View) => trayMenu(shown).find((entry) => entry?.label.includes('for you'));
  expect(waits(view({}))).toEqual({ label: 'Nothing waits for you', action: null });
  expect(waits(view({ waiting: 1 }))).toEqual({ label: '1 thing waits for you', action: 'waiting' });
  expect(trayTooltip(view({ waiting: 2 }))).toBe('Holdfast: 2 things wait for you');
});

test('what quitting means is said before it is chosen', () => {
  expect(labels(view({})).at(-1)).toBe('Quit');
  expect(labels(view({ reach: 'daemon' })).at(-1)).toBe('Quit, and leave the daemon running');
  expect(labels(view({ finishing: true })).at(-1)).toBe('Stop at once');
  expect(trayTooltip(view({ finishing: true }))).toBe('Holdfast: finishing …');
});

const asked = (part: Partial<Approval> = {}): Approval => ({
  id: 'apr_01jd0000000000000000000000',
  kind: 'call',
  state: 'pending',
  session: 'ses_01jd0000000000000000000000',
  call: 'call_01jd0000000000000000000000',
  agent: 'coder',
  tool: 'exec',
  title: 'Command',
  line: 'git push origin main',
  whole: true,
  where: 'in the sandbox of its session',
  folder: '/project',
  why: 'it is asked because it runs a command in your folder',
  asked: '2026-03-01T09:00:00.000Z',
  expires: null,
  settled: null,
  ...part,
});
const waiting = (...approvals: Approval[]) => view({ approvals, waiting: approvals.length });

test('what is shown whole can be answered in the tray', () => {
  const { id } = asked();
  expect(trayMenu(waiting(asked()))).toEqual(
    expect.arrayContaining([
      { label: 'coder asks, in /project:', action: null },
      { label: 'Allow  git push origin main', action: { approval: id, answer: 'once' } },
      { label: 'Deny  git push origin main', action: { approval: id, answer: 'deny' } },
    ]),
  );
  expect(noticesBetween(view({}), waiting(asked()))).toMatchObject([
    { title: 'coder asks', body: 'git push origin main\nin /project', approval: id },
  ]);
});

test.each([
  ['more than one line', { whole: false }],
  ['a line that is too long', { line: 'x'.repeat(121) }],
  ['control characters', { line: 'git\u0008 push' }],
  ['letters that cannot be seen', { line: 'git\u200B push' }],
  ['letters that turn the line round', { line: 'git \u202Epush' }],
  ['blanks that push the rest away', { line: `ls${' '.repeat(60)}; rm x` }],
  ['a folder that does not fit', { folder: `/${'x'.repeat(90)}` }],
  ['an agent’s own question', { kind: 'question' }],
] as const)('what is not shown whole is only opened: %s', (_what, part) => {
  const shown = waiting(asked(part));
  const answers = trayMenu(shown).flatMap((entry) =>
    typeof entry?.action === 'object' && entry.action ? [entry.action.answer] : [],
  );
  expect(answers).toEqual(['look']);
  const [notice] = noticesBetween(view({}), shown);
  expect(notice).toMatchObject({ kind: 'approval', place: `#/approvals?approval=${asked().id}` });
  expect(notice).not.toHaveProperty('approval');
  expect(JSON.stringify(notice)).not.toContain('push');
});

test('what waits already is no news, and of several none is answered in a notification', () => {
  const other = asked({ id: 'apr_01jd0000000000000000000001' });
  expect(noticesBetween(waiting(asked()), waiting(asked()))).toEqual([]);
  expect(noticesBetween(waiting(asked()), waiting(asked(), other))).toMatchObject([
    { body: 'Open Holdfast to see what. 2 things wait for you.', place: `#/approvals?approval=${other.id}` },
  ]);
});

test('a house that is gone can be replaced, and not verified', () => {
  expect(labels(view({ reach: 'lost' }))).toContain('Run Holdfast in this app');
  expect(labels(view({ reach: 'lost' }))).not.toContain('Verify the record …');
});

test('a full disk is told when it fills, not while it stays full, and nothing of the record is in it', () => {
  expect(noticesBetween(firstView, view({}))).toEqual([]);
  expect(noticesBetween(view({}), view({}, 'full'))).toMatchObject([
    { kind: 'storage', title: 'Nothing can be recorded', place: '#/now' },
  ]);
  expect(noticesBetween(view({}, 'full'), view({}, 'full', 1300))).toEqual([]);
  expect(noticesBetween(view({}, 'full'), view({}))).toEqual([]);
});

test('a daemon that ended is told once', () => {
  const lost = view({ reach: 'lost' });
  expect(noticesBetween(view({ reach: 'daemon' }), lost)).toMatchObject([{ kind: 'daemon' }]);
  expect(noticesBetween(lost, { ...lost, waiting: 1 })).toEqual([]);
});
