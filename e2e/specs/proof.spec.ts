import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../launchers/app-test.ts';

const run = promisify(execFile);

test.use({ planted: 500 });

test('verification tells its result in words', async ({ frame, audit }) => {
  await audit.open();
  await audit.page.keyboard.press('v');
  const dialog = frame.dialog('Verify the record');
  await expect(dialog.getByText(/The record is whole: 5\d\d events/)).toBeVisible();
  await audit.page.keyboard.press('Escape');
  await expect(audit.page.getByText(/events · whole/)).toBeVisible();
});

test('an export shows what will leave, withholds what is chosen, and is a bundle that verifies on its own', async ({
  app,
  audit,
  frame,
}) => {
  await audit.open();
  await audit.page.keyboard.press('e');
  const dialog = frame.dialog('Export a bundle');
  const kind = dialog.getByRole('checkbox', { name: 'What capability.denied carries leaves' });
  await expect(kind).toBeChecked();
  await kind.click();
  await expect(dialog.getByRole('row', { name: /capability\.denied/ })).toContainText('withheld');
  const saved = app.page.waitForEvent('download');
  await dialog.getByRole('button', { name: /^Export/ }).click();
  const download = await saved;
  await expect(dialog.getByText(/is saved/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Close' })).toBeFocused();
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bundle-'));
  const file = path.join(folder, download.suggestedFilename());
  await download.saveAs(file);
  const checked = await app.cli('verify', file);
  expect(checked).toMatchObject({ code: 0 });
  await run('tar', ['-xf', file, '-C', folder]);
  const { stdout } = await run('find', [folder, '-name', 'verify.mjs']);
  const key = JSON.parse((await app.cli('status', '--json')).out) as { record: { fingerprint: string } };
  const alone = await run(process.execPath, [stdout.trim(), '--key', key.record.fingerprint]);
  expect(alone.stdout).toMatch(/\d+ withheld/);
  await rm(folder, { recursive: true });
});

test('an export of what was found takes its range', async ({ audit, frame }) => {
  await audit.open();
  await audit.find('kind:approval.*');
  await expect(audit.rows.first()).toContainText('approval.asked');
  await audit.page.keyboard.press('e');
  const dialog = frame.dialog('Export a bundle');
  await expect(dialog.getByRole('radio', { name: /that was found/ })).toBeChecked();
  await dialog.getByRole('radio', { name: 'Some events' }).click();
  await dialog.getByRole('textbox', { name: 'Last event' }).fill('999999');
  await expect(dialog.getByText(/The last event is/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: /^Export/ })).toBeDisabled();
});
