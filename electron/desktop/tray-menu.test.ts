import { expect, test } from 'vitest';
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
