import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/person-folder.ts';

const part = (id: string, line: string, after: string[] = []) => ({
  id,
  role: 'runner',
  depends_on: after,
  params: { command: ['sh', '-c', line], report: `{run}/${id}.txt` },
});

test('a plan is seen before it starts and changed, a failure is explained, and what failed is tried again from there', async ({
  app,
  frame,
  run,
}) => {
  const { page } = frame;
  const file = path.join(app.data, 'plan.json');
  const plan = { subtasks: [part('tide', 'echo low'), part('moon', 'exit 1', ['tide'])] };
  await writeFile(file, JSON.stringify(plan));
  await frame.live();
  const asked = await app.cli(
    'submit',
    '--plan',
    file,
    '--approve-plan',
    'always',
    '--detach',
    '--title',
    'Tides',
    '--time',
    '10m',
  );
  expect(asked.code, asked.err).toBe(0);
  await page.keyboard.press('g');
  await page.keyboard.press('n');
  await page.getByRole('list', { name: 'What waits for you' }).getByRole('link').click();
  await expect(run.question).toBeVisible();
  await expect(run.inspector).toContainText('At most 10:00');
  await run.button('More').click();
  await page.getByRole('menuitem', { name: 'Raise its budget…' }).click();
  const raising = page.getByRole('dialog', { name: 'Raise its budget' });
  await raising.getByRole('textbox', { name: 'In minutes, from its start' }).fill('20');
  await raising.getByRole('button', { name: 'Raise it' }).click();
  await expect(run.inspector).toContainText('At most 20:00');
  await run.focusGraph();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(run.told).toHaveText('moon waits for others, after tide');
  await expect(run.inspector).toContainText('write');
  await page.keyboard.press('e');
  const changed = page.getByRole('textbox', { name: 'The plan' });
  await expect(changed).toHaveValue(/exit 1/);
  await changed.fill(JSON.stringify(plan).replace('exit 1', 'echo full; exit 3'));
  await page.getByRole('button', { name: 'Start it so' }).click();

  await expect(run.standing.first()).toContainText('failed');
  await expect(run.inspector).toContainText('Why it failed');
  await expect(run.inspector).toContainText('3');
  await page.keyboard.press('f');
  const fork = page.getByRole('dialog', { name: 'Fork from here' });
  await expect(fork).toContainText('1 part again and keeps 1 result');
  const params = fork.getByRole('textbox', { name: 'Its parameters' });
  await expect(params).toHaveValue(/exit 3/);
  await params.fill((await params.inputValue()).replace('exit 3', 'exit 0'));
  await fork.getByRole('button', { name: /^Start/ }).click();
  await expect(run.standing.first()).toContainText('succeeded');
  await page.keyboard.press('o');
  await expect(run.parts.filter({ hasText: 'tide' })).toHaveCount(1);
  await expect(run.parts.getByLabel('is kept from before')).toBeVisible();
});
