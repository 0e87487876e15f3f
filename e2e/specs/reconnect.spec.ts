import { expect, test } from '../launchers/app-test.ts';

test.use({ planted: 300 });

test('after a kill the window says so, comes back by itself, and has missed and doubled nothing', async ({
  app,
  frame,
  audit,
  complaints,
}) => {
  await audit.open();
  await app.cli('note', 'before the storm');
  await expect(audit.rows.first()).toContainText('before the storm');
  await app.kill();
  await expect(frame.status).toContainText('reconnecting');
  await app.restart();
  await frame.live();
  await app.cli('note', 'after the storm');
  await expect(audit.rows.first()).toContainText('after the storm');
  const newest = (await audit.rows.allInnerTexts()).slice(0, 6);
  const numbers = newest.map((row) => Number(/^[\d,]+/.exec(row)?.[0].replaceAll(',', '')));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) - index));
  await expect(audit.rows.filter({ hasText: 'after an unclean end' })).toHaveCount(1);
  // The browser itself reports each socket that could not be opened.
  expect(
    complaints.every((complaint) => /WebSocket|ERR_CONNECTION_REFUSED|Failed to load/.test(complaint)),
  ).toBe(true);
  complaints.length = 0;
});
