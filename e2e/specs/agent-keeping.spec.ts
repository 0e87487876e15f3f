import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../launchers/app-test.ts';
import { lookInAllWays } from '../pages/looking.ts';

test('what an agent keeps is read, put right and erased on its page, and skills are added and switched off', async ({
  app,
  frame,
  agents,
}) => {
  await frame.live();
  await agents.open();
  await agents.choose('researcher');
  await agents.button('Memory').click();
  await expect(agents.page.getByText('Nothing remembered')).toBeVisible();
  // Whoever looks sees at once what is written elsewhere.
  await app.cli('notes', 'save', 'researcher', 'style', '--text', 'Cite every claim.', '--pin');
  const notes = agents.page.getByRole('list', { name: 'Notes' }).getByRole('listitem');
  await expect(notes).toHaveText(/style.*Cite every claim\..*pinned/s);
  await agents.button('Edit style').click();
  const dialog = agents.page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'What it says' }).fill('Cite every claim twice.');
  await dialog.getByRole('button', { name: /^Save/ }).click();
  await expect(dialog).toBeHidden();
  const { out } = await app.cli('notes', 'show', 'researcher', 'style');
  expect(out).toBe('Cite every claim twice.\n');
  await agents.button('Erase style').click();
  await dialog.getByRole('button', { name: /^Erase/ }).click();
  await expect(agents.page.getByText('No notes')).toBeVisible();

  const folder = path.join(app.data, 'made', 'tide-tables');
  await mkdir(folder, { recursive: true });
  const text = '---\nname: tide-tables\ndescription: How to read them.\n---\nHigh water first.\n';
  await writeFile(path.join(folder, 'SKILL.md'), text);
  await agents.button('Skills').click();
  await agents.button('Add from a folder…').click();
  await dialog.getByRole('textbox', { name: 'Its folder' }).fill(folder);
  await dialog.getByRole('button', { name: /^Add/ }).click();
  const skills = agents.page.getByRole('list', { name: 'Skills' }).getByRole('listitem');
  const made = skills.filter({ hasText: 'tide-tables' });
  await expect(made).toContainText('yours');
  await agents.button('Disable writing').click();
  await expect(agents.button('Enable writing')).toBeVisible();
  await agents.button('Read tide-tables').click();
  await expect(dialog).toContainText('High water first.');
  await dialog.getByRole('button', { name: /^Remove/ }).click();
  await expect(made).toHaveCount(0);
});

test(
  'what an agent keeps is accessible and pictured',
  { tag: '@looks' },
  async ({ app, frame, agents }, info) => {
    test.setTimeout(240_000);
    const { page } = frame;
    const picture = (name: string) => lookInAllWays(page, name, info.project.name);
    await frame.live();
    await app.cli('notes', 'save', 'researcher', 'style', '--text', 'Cite every claim.', '--pin');
    await agents.open();
    await agents.choose('researcher');
    await agents.button('Memory').click();
    await expect(page.getByRole('list', { name: 'Notes' })).toContainText('style');
    await picture('agent-memory');
    await agents.button('Skills').click();
    await expect(page.getByRole('list', { name: 'Skills' })).toContainText('debugging');
    await picture('agent-skills');
  },
);
