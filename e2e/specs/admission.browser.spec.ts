import { expect, test } from '../launchers/app-test.ts';

test('a link lets one tab in once, and leaves no trace in its address', async ({ app, frame }) => {
  await frame.live();
  expect(app.page.url()).not.toContain('ticket');
  await app.page.reload();
  await frame.live();
});

test('a tab without a token says how to get in, and shows nothing else', async ({
  app,
  frame,
  complaints,
}) => {
  await frame.live();
  const other = await app.page.context().newPage();
  await other.goto(new URL('/#ticket=long-used', app.page.url()).href);
  await expect(other.getByRole('heading', { name: 'This link has been used or has expired' })).toBeVisible();
  await expect(other.getByText('npm run holdfast -- open')).toBeVisible();
  await expect(other.getByRole('navigation')).toHaveCount(0);
  complaints.length = 0;
});

test('a revoked token puts its tab out', async ({ app, frame, complaints }) => {
  await frame.live();
  const list = JSON.parse((await app.cli('token', 'list', '--json')).out) as { id: string; name: string }[];
  const mine = list.find((token) => token.name === 'browser');
  expect((await app.cli('token', 'revoke', mine?.id ?? '')).code).toBe(0);
  await expect(
    app.page.getByRole('heading', { name: 'This link has been used or has expired' }),
  ).toBeVisible();
  complaints.length = 0;
});
