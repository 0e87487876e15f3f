import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/work-folders.ts';
import { LaunchPage } from '../pages/launch-page.ts';
import { WorkPage } from '../pages/work-page.ts';

/** A whole session: its clone, its sandbox, what is collected afterwards. */
const atItsPace = { timeout: 40_000 };

test('a dropped artifact starts a command agent, and what it changed becomes a branch', async ({
  app,
  frame,
  agents,
  sessions,
  work,
}) => {
  const { page } = frame;
  const sheet = new WorkPage(app);
  await frame.live();
  await agents.open();
  await agents.choose('mender');
  await sheet.drop({ 'raise.json': '{"steps": ["raise"]}', 'notes.md': '# Tide\n' });
  await expect(sheet.files).toHaveCount(2);
  await expect(sheet.files.first()).toContainText('valid as “plan”');
  await expect(sheet.may).toContainText('Reaches nothing on the network');
  await sheet.start.click();

  await expect(sessions.standing).toContainText('succeeded, its changes wait for you', atItsPace);
  await expect(sessions.list.first()).toContainText('2 files, 1 commit');
  await expect(sessions.inspector).toContainText('An artifact: plan raise');
  await expect(sessions.inspector).toContainText('notes.md');
  await expect(sessions.inspector).toContainText('Sealed');
  await expect(sessions.rows).toContainText('notes.md');
  await sessions.button('Changes').click();
  await expect(page.getByRole('list', { name: 'Commits' })).toContainText('Raise the tide');
  await expect(page.getByRole('list', { name: 'Changed files' })).toContainText('not committed');
  await sessions.button('tide.txt').click();
  await expect(page.getByLabel(/^Difference of/)).toContainText('+high');
  await sessions.button('Apply…').click();
  const dialog = frame.dialog('Apply the changes');
  await expect(dialog.getByRole('textbox', { name: 'Repository' })).toHaveValue(work.repository);
  await dialog.getByRole('textbox', { name: 'Branch' }).fill('raised');
  await dialog.getByRole('button', { name: /^Make the branch/ }).click();
  await expect(frame.toasts).toContainText('Put 2 changed files on the branch raised');
  expect(await work.git('show', 'raised:tide.txt')).toBe('high\n');
  expect(await work.git('show', 'raised:moon.txt')).toContain('full');
  expect(await work.git('show', 'main:tide.txt')).toBe('low\n');
  await expect(sessions.standing).toHaveText('succeeded');
  await expect(page.getByText(/^Decided: put 2 changed files on the branch raised/)).toBeVisible();
});

test('what is no artifact is told at its place, attached instead, or made a goal; nothing starts by itself', async ({
  app,
  frame,
  sessions,
  work,
}) => {
  const sheet = new WorkPage(app);
  await frame.live();
  expect(work.repository).not.toBe('');
  await sheet.drop({ 'raise.json': '{\n  "steps": ["a", 7]\n}\n' });
  await expect(sheet.problems).toContainText(['line 2, column 18, /steps/1']);
  await expect(sheet.problems.first()).toContainText('"steps": ["a", 7]');
  await expect(sheet.start).toBeDisabled();
  await sheet.sheet.getByRole('combobox', { name: 'What raise.json is' }).selectOption('attachment');
  await expect(sheet.start).toBeEnabled();
  await sheet.sheet.getByRole('combobox', { name: 'It is handed' }).selectOption('work_unit');
  await sheet.sheet.getByRole('textbox', { name: 'Work unit' }).fill('a/b');
  await expect(sheet.sheet).toContainText('no slash');
  await expect(sheet.start).toBeDisabled();
  await sheet.sheet.getByRole('button', { name: 'A run, as its goal' }).click();
  await sheet.sheet.getByRole('button', { name: /^Go on/ }).click();
  await expect(new LaunchPage(app).field('Goal')).toHaveValue('{\n  "steps": ["a", 7]\n}');
  await sessions.open();
  await expect(frame.page.getByText('Nothing has run in a sandbox yet')).toBeVisible();

  await frame.page.keyboard.press('i');
  await sheet.sheet.getByRole('button', { name: 'Schedule this…' }).click();
  await expect(frame.dialog('New objective')).toContainText('mender');
});

test('files chosen by keys have one session each where all are artifacts', async ({
  app,
  frame,
  sessions,
  work,
}) => {
  const { page } = frame;
  const sheet = new WorkPage(app);
  await frame.live();
  expect(work.repository).not.toBe('');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
  const choosing = page.waitForEvent('filechooser');
  await page.keyboard.type('Add files');
  await page.keyboard.press('Enter');
  const plan = (step: string) => ({
    name: `${step}.json`,
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify({ steps: [step] })),
  });
  await (await choosing).setFiles([plan('raise'), plan('lower')]);
  await expect(sheet.files).toHaveCount(2);
  await sheet.sheet.getByText('2 sessions, one for each file').click();
  await expect(sheet.start).toHaveText(/Start 2 sessions/);
  await sheet.start.click();
  await expect(frame.toasts).toContainText('Started 2 sessions');
  await expect(sessions.list).toHaveCount(2);
  await expect(sessions.list.filter({ hasText: 'succeeded · 2 files' })).toHaveCount(2, atItsPace);
});
