import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from '../launchers/app-test.ts';

test('the theme follows the system until somebody chooses', async ({ settings }) => {
  await settings.open();
  const ground = () => settings.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  await settings.page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ground();
  await settings.page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  expect(light).not.toBe(dark);
  await settings.theme('Dark');
  expect(await ground()).toBe(dark);
  await settings.page.reload();
  await expect(settings.section('Appearance').getByRole('radio', { name: 'Dark' })).toBeChecked();
  expect(await ground()).toBe(dark);
});

test(
  'a token is told once, works, and is out as soon as it is revoked',
  { tag: '@page' },
  async ({ app, settings, frame }) => {
    await settings.open();
    const address = await settings
      .section('Data')
      .getByText(/^http:/)
      .innerText();
    await settings.page.keyboard.press('t');
    await frame.dialog('New token').getByRole('textbox', { name: 'Name' }).fill('Editor');
    await app.page.keyboard.press('Enter');
    const told = frame.dialog('Your new token');
    const value = await told.getByText(/^hf_/).innerText();
    await told.getByRole('button', { name: 'Close' }).click();
    await expect(settings.page.getByText(value)).toHaveCount(0);
    await expect(settings.tokens.filter({ hasText: 'Editor' })).toContainText('an outside program');

    const ask = async () =>
      (await fetch(`${address}/api/record`, { headers: { authorization: `Bearer ${value}` } })).status;
    expect(await ask()).toBe(200);
    await settings.page.getByRole('button', { name: 'Revoke Editor' }).click();
    await frame.dialog('Revoke “Editor”').getByRole('button', { name: 'Revoke' }).click();
    await expect(frame.toasts).toContainText('Revoked “Editor”');
    expect(await ask()).toBe(401);
    await expect(settings.tokens.filter({ hasText: 'Editor' })).toHaveCount(0);
  },
);

test('a token may be limited to what is named', { tag: '@page' }, async ({ settings, frame }) => {
  await settings.open();
  await settings.page.keyboard.press('t');
  const dialog = frame.dialog('New token');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Reader');
  await dialog.getByText('Only what I name').click();
  await expect(dialog.getByRole('button', { name: 'Make the token' })).toBeDisabled();
  await dialog.getByText('Find events').click();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await frame.dialog('Your new token').getByRole('button', { name: 'Close' }).click();
  await expect(settings.tokens.filter({ hasText: 'Reader' })).toContainText('only record.query');
});

test('a secret goes in by name and its value never comes out', async ({ app, settings, frame, now }) => {
  await settings.open();
  await settings.page.getByRole('button', { name: /Store a secret/ }).click();
  const dialog = frame.dialog('Store a secret');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('9lives');
  await expect(dialog.getByText(/starting with a letter/)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('harbor-key');
  await dialog.getByLabel('Value').fill('correct-horse-battery');
  await app.page.keyboard.press('Enter');
  await expect(settings.secrets).toContainText('harbor-key');
  await frame.goTo('Now');
  await now.remark.fill('the word is correct-horse-battery');
  await now.remark.press('ControlOrMeta+Enter');
  await expect(now.newest.first()).toContainText('the word is');
  await expect(app.page.getByText('correct-horse-battery')).toHaveCount(0);
  await settings.open();
  await settings.page.getByRole('button', { name: 'Remove harbor-key' }).click();
  await frame.dialog('Remove harbor-key').getByRole('button', { name: 'Remove' }).click();
  await expect(settings.secrets).toHaveCount(0);
});

test(
  'an engine is tried as it is saved, and a mail that does not go out says at its field why',
  { tag: '@page' },
  async ({ settings, frame }) => {
    const engine = createServer((_request, response) =>
      response.end(
        JSON.stringify({ results: [{ title: 'Of kelp', url: 'https://example.org/', content: '' }] }),
      ),
    );
    await once(engine.listen(0, '127.0.0.1'), 'listening');
    const { port } = engine.address() as AddressInfo;
    await settings.open();
    const search = settings.section('Searching the web');
    await search.getByRole('combobox', { name: 'Engine' }).selectOption('SearXNG');
    await search.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${port}`);
    await search.getByRole('button', { name: 'Save and try' }).click();
    await expect(search.getByRole('status')).toHaveText('SearXNG answers: Of kelp.');
    engine.close();
    engine.closeAllConnections();

    const mail = settings.section('Mail');
    const field = (name: string) => mail.getByRole('textbox', { name });
    await field('Server').fill('127.0.0.1');
    await field('Port').fill('never');
    await expect(mail.getByRole('button', { name: 'Save' })).toBeDisabled();
    await field('Port').fill('1');
    await field('From').fill('me@example.org');
    await field('From').press('Enter');
    await expect(frame.toasts).toContainText('saved');
    await field('Send a test message to').fill('you@example.org');
    await mail.getByRole('button', { name: 'Send' }).click();
    await expect(field('Server')).toHaveAttribute('aria-invalid', 'true');
    await expect(mail.getByText('127.0.0.1 did not take the mail')).toBeVisible();
    await expect(mail.getByRole('alert')).toContainText('stands at its field');
  },
);

test(
  'checkpoints go to a file, which is checked while it is typed',
  { tag: '@page' },
  async ({ app, settings, frame }) => {
    await settings.open();
    const record = settings.section('Record');
    const field = record.getByRole('textbox', { name: 'File' });
    await field.fill('elsewhere');
    await expect(record.getByText('must be an absolute path')).toBeVisible();
    await expect(record.getByRole('button', { name: 'Save' })).toBeDisabled();
    const file = path.join(app.data, 'copy.checkpoint');
    await field.fill(file);
    await field.press('Enter');
    await expect(frame.toasts).toContainText('saved');
    await record.getByRole('button', { name: 'Sign a checkpoint now' }).click();
    await expect(frame.toasts).toContainText('Signed a checkpoint');
    await expect.poll(() => existsSync(file)).toBe(true);
  },
);

test(
  'the key is changed with a reason, and the fingerprint follows',
  { tag: '@page' },
  async ({ settings, frame }) => {
    await settings.open();
    const fingerprint = settings.section('Record').getByText(/^SHA256:/);
    const before = await fingerprint.innerText();
    await settings
      .section('Record')
      .getByRole('button', { name: /Change the key/ })
      .click();
    await frame.dialog('Change the signing key').getByRole('textbox', { name: 'Why' }).fill('a yearly habit');
    await frame.page.keyboard.press('Enter');
    await expect(frame.dialog('Change the signing key').getByText('The new key signs now')).toBeVisible();
    await frame.page.keyboard.press('Escape');
    await expect(fingerprint).not.toHaveText(before);
  },
);

test('pruning shows first what it would take', { tag: '@page' }, async ({ settings, frame }) => {
  await settings.open();
  await settings
    .section('Record')
    .getByRole('button', { name: /Prune now/ })
    .click();
  const dialog = frame.dialog('Prune attachments');
  await expect(dialog.getByText(/Nothing to prune/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Prune' })).toBeDisabled();
});

test('a backup becomes a file', async ({ app, settings, frame }) => {
  await settings.open();
  await settings
    .section('Data')
    .getByRole('button', { name: /Make a backup/ })
    .click();
  const file = path.join(app.data, 'backup.holdfast');
  await frame.dialog('Make a backup').getByRole('textbox', { name: 'File' }).fill(file);
  await app.page.keyboard.press('Enter');
  await expect(frame.dialog('Make a backup').getByText(/events are in/)).toBeVisible();
  expect(existsSync(file)).toBe(true);
});
