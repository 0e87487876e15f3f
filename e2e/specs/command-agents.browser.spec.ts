import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../launchers/app-test.ts';

test('a command agent is made from what is known of it, shown and edited, and is not asked', async ({
  app,
  frame,
  agents,
}) => {
  const { page } = agents;
  await frame.live();
  await agents.open();
  await expect(agents.list).toHaveCount(6);
  await page.keyboard.press('w');
  const dialog = page.getByRole('dialog', { name: 'New agent' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('tidy');
  await dialog.getByRole('combobox', { name: 'Begins with' }).selectOption('Codex, on a fresh clone');
  await dialog
    .getByRole('combobox', { name: 'It comes to its model' })
    .selectOption('With your sign-in on this machine');
  await expect(dialog).toContainText('whatever it runs can use it as you');
  await dialog.getByRole('button', { name: 'Make' }).click();
  await expect(agents.text).toHaveValue(/preset: codex\n[\s\S]*mounts:/);
  await expect(agents.list.filter({ hasText: 'tidy' })).toContainText('Command ·');

  await agents.button('Form').click();
  const repository = page.getByRole('textbox', { name: 'Repository' });
  await repository.fill('ssh://host/x');
  await repository.press('Enter');
  await expect(page.getByText('is no address to clone from')).toBeVisible();
  await agents.button('Revert').click();
  await repository.fill('https://git.example.org/x.git');
  await repository.press('Enter');
  await agents.button('File').click();
  await expect(agents.text).toHaveValue(/repository: https:\/\/git\.example\.org\/x\.git/);
  await page.keyboard.press('Control+s');
  await expect(frame.toasts).toContainText('Saved tidy');
  const file = path.join(app.data, 'configuration/holdfast/agents/tidy.yaml');
  expect(await readFile(file, 'utf8')).toContain('# The agent reads and renews your sign-in');

  await agents.button('About').click();
  await expect(agents.view('tidy')).toContainText('.codex at /home/tidy/.codex, changed in place');
  await expect(agents.button(/^Ask/)).toHaveCount(0);
  await expect(agents.button('Make its image')).toHaveCount(0);

  await agents.button('File').click();
  await agents.text.fill('name: tidy\ncommand: { preset: codex }\nsandbox: { kind: container }\n');
  await page.keyboard.press('Control+s');
  await expect(frame.toasts.filter({ hasText: 'Saved tidy' }).last()).toBeVisible();
  await agents.button('About').click();
  await expect(agents.view('tidy')).toContainText('None is made yet');
  await expect(agents.button('Make its image')).toBeEnabled();
});
