import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/person-folder.ts';

test('a contained terminal is opened from Now, typed into, and shows what it may do and what it was refused', async ({
  now,
  sessions,
  frame,
  folder,
}) => {
  await frame.live();
  await now.contained.getByRole('button', { name: /^Open/ }).click();
  await sessions.start({ folder, mode: 'Read only' });
  await expect(sessions.inspector).toContainText(folder);
  await expect(sessions.inspector).toContainText('No network');
  await sessions.terminal.click();
  await frame.page.keyboard.type(`cat ${folder}/tide.txt && echo more >> ${folder}/tide.txt`);
  await frame.page.keyboard.press('Enter');
  await expect(sessions.rows).toContainText('low');
  await expect(sessions.rows).toContainText('Read-only file system');
  await frame.page.keyboard.type('exit 3');
  await frame.page.keyboard.press('Enter');
  await expect(sessions.standing).toContainText('failed with code 3');
  await expect(sessions.happened.first()).toContainText('ended');
  expect(await readFile(path.join(folder, 'tide.txt'), 'utf8')).toBe('low\n');
});

test('changes under review are shown, applied in part, and the rest is thrown away', async ({
  sessions,
  frame,
  folder,
}) => {
  await frame.live();
  await frame.page.keyboard.press('c');
  await sessions.start({
    folder,
    mode: 'Review before write',
    command: `sh -c 'cd ${folder} && echo high > tide.txt && echo new > moon.txt'`,
  });
  await expect(sessions.standing).toContainText('wait for you');
  await sessions.button('Changes').click();
  await sessions.button('tide.txt').click();
  await expect(frame.page.getByLabel(/^Difference of/)).toContainText('+high');
  await frame.page.getByRole('checkbox', { name: 'Apply moon.txt' }).click();
  await sessions.button('Apply 1 change').click();
  await expect(frame.toasts).toContainText('Applied 1 change');
  expect(await readFile(path.join(folder, 'tide.txt'), 'utf8')).toBe('high\n');
  await sessions.button('Throw away…').click();
  await frame
    .dialog('Throw the changes away?')
    .getByRole('button', { name: /^Throw away/ })
    .click();
  await expect(sessions.standing).toContainText('partly applied');
  await expect(readFile(path.join(folder, 'moon.txt'), 'utf8')).rejects.toThrow('ENOENT');
});

test('a session that runs is stopped from the window', async ({ app, sessions, frame }) => {
  await frame.live();
  const started = await app.cli('shell', '--detach', '--no-terminal', '--', 'sleep', '600');
  expect(started.code).toBe(0);
  await sessions.open();
  await sessions.list.first().getByRole('button').click();
  await expect(sessions.standing).toContainText('runs');
  await sessions.button(/^Stop/).click();
  await expect(sessions.standing).toContainText(/stopped|ended by signal/);
});

test('what is wrong with a wish is said before anything starts', async ({ sessions, frame }) => {
  await frame.live();
  await frame.page.keyboard.press('c');
  await sessions.dialog.getByRole('textbox', { name: 'Folder 1' }).fill('src');
  await expect(sessions.dialog).toContainText('begins with “/”');
  await expect(sessions.dialog.getByRole('button', { name: /^Start/ })).toBeDisabled();
  await sessions.dialog.getByRole('textbox', { name: 'Folder 1' }).fill('/nowhere/at/all');
  await sessions.dialog.getByRole('button', { name: /^Start/ }).click();
  await expect(sessions.dialog.getByRole('alert')).toContainText('/nowhere/at/all');
});
