import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../launchers/app-test.ts';
import { lookInAllWays } from '../pages/looking.ts';

const fileOf = (data: string, name: string) =>
  path.join(data, 'configuration/holdfast/agents', `${name}.yaml`);

test(
  'an agent is made, changed by form and as text, and a change on the disk is seen at once',
  { tag: '@page' },
  async ({ app, frame, agents }) => {
    await frame.live();
    await agents.open();
    await expect(agents.list).toHaveCount(6);
    await agents.make('tide', 'reviewer');
    const file = fileOf(app.data, 'tide');
    await expect(agents.text).toHaveValue(/extends: reviewer/);

    await agents.button('Form').click();
    await agents.page.getByRole('textbox', { name: 'Steps in one turn' }).fill('7');
    await agents.page.getByRole('textbox', { name: 'Steps in one turn' }).press('Enter');
    await agents.button('File').click();
    await expect(agents.text).toHaveValue(/limits:\n {2}iterations: 7\n/);
    await agents.page.keyboard.press('Control+s');
    await expect(frame.toasts).toContainText('Saved tide');
    expect(await readFile(file, 'utf8')).toContain('iterations: 7');

    const text = await readFile(file, 'utf8');
    await writeFile(file, `${text}colour: red\n`);
    await expect(agents.problems).toContainText('There is no field “colour”');
    await agents.button('About').click();
    await expect(agents.button(/^Ask/)).toBeDisabled();
    await writeFile(file, text.replace('reviewer', 'coder'));
    await expect(agents.rights.filter({ hasText: 'git_commit' })).toHaveCount(1);
  },
);

test(
  'what is typed wrong is told with its place while it is typed, and nothing of it is saved',
  { tag: '@page' },
  async ({ app, frame, agents }) => {
    await frame.live();
    await agents.open();
    await agents.make('tide', 'generalist');
    await agents.text.fill('name: tide\ntools:\n  - grep\ncapabilities:\n  - file_read: here\n');
    await expect(
      agents.problems.getByRole('button', { name: 'line 5, column 5, capabilities[0]' }),
    ).toBeVisible();
    await agents.problems.getByRole('button').click();
    await expect(agents.text).toBeFocused();
    await agents.button('Revert').click();
    await expect(agents.text).toHaveValue(/extends: generalist/);
    expect(await readFile(fileOf(app.data, 'tide'), 'utf8')).toContain('extends: generalist');
    await agents.button('Remove…').click();
    await agents.page
      .getByRole('dialog')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect(agents.list).toHaveCount(6);
  },
);

test('agents are accessible and pictured', { tag: '@looks' }, async ({ frame, agents }, info) => {
  test.setTimeout(120_000);
  const { page } = frame;
  const picture = (name: string) => lookInAllWays(page, name, info.project.name);
  await frame.live();
  await agents.open();
  await agents.choose('researcher');
  await picture('agent-about');
  await agents.button('Form').click();
  await picture('agent-form');
  await agents.button('File').click();
  await agents.text.fill('name: researcher\nmodle: x\n');
  await expect(agents.problems).toHaveCount(1);
  await picture('agent-file');
});
