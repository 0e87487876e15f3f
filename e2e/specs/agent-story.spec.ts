import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/with-model.ts';

test('an agent reads, asks, edits and runs a command; it is killed in the middle and goes on; the record verifies', async ({
  app,
  complaints,
  frame,
  folder,
  model,
  conversation,
  approvals,
}) => {
  test.setTimeout(120_000);
  const file = path.join(folder, 'tide.txt');
  model.script([
    { text: 'I look first.', calls: [{ tool: 'file_read', input: { path: 'tide.txt' } }] },
    {
      text: 'It is low.',
      calls: [
        { tool: 'ask_person', input: { question: 'How high?', choices: ['high', 'highest'], free: false } },
      ],
    },
    {
      text: 'I change it.',
      calls: [{ tool: 'file_edit', input: { path: 'tide.txt', old_string: 'low', new_string: 'high' } }],
    },
    { text: 'And I touch it.', calls: [{ tool: 'exec', input: { command: 'touch tide.txt' } }] },
    { text: 'The tide is **high** now.' },
  ]);
  await frame.live();
  await conversation.ask({ agent: 'generalist', text: 'Raise the tide.', folder, mode: 'Read and write' });

  await expect(conversation.transcript).toContainText('Raise the tide.');
  await expect(conversation.transcript).toContainText('I look first.');
  await expect(frame.page.getByLabel('1 waiting')).toBeVisible();
  await approvals.open();
  await expect(approvals.shown).toContainText('How high?');
  await approvals.page.getByRole('radio', { name: 'high', exact: true }).click();
  await approvals.button('Answer').click();

  await expect(approvals.waiting).toHaveCount(1);
  await approvals.waiting.first().getByRole('button').click();
  await expect(approvals.shown).toContainText('+high');
  expect(await readFile(file, 'utf8')).toBe('low\n');

  await app.kill();
  await app.restart();
  await frame.live();
  await approvals.open();
  await expect(approvals.waiting).toHaveCount(1);
  await expect(approvals.shown).toContainText('+high');
  await expect(approvals.answer('Allow once')).toBeVisible();
  await approvals.page.keyboard.press('Control+Enter');
  await expect(frame.toasts).toContainText('Allowed once');

  await expect(approvals.waiting.filter({ hasText: 'touch' })).toHaveCount(1);
  expect(await readFile(file, 'utf8')).toBe('high\n');
  await approvals.page.getByRole('link', { name: 'its session' }).click();
  await expect(conversation.transcript).toContainText('I change it.');
  await conversation.button('Allow once').click();
  await expect(conversation.transcript).toContainText('The tide is high now.');
  await expect(conversation.standing).toContainText('waits for a message');
  expect(await readFile(file, 'utf8')).toBe('high\n');
  expect(model.requests).toHaveLength(5);

  // The browser itself reports each socket that could not be opened while Holdfast was away.
  expect(
    complaints.filter((complaint) => !/WebSocket|ERR_CONNECTION_REFUSED|Failed to load/.test(complaint)),
  ).toEqual([]);
  complaints.length = 0;
  const verified = await app.cli('verify');
  expect(verified.code, verified.err).toBe(0);
});

const command = (line: string) => ({ calls: [{ tool: 'exec', input: { command: line } }] });

test('an answer with “always” makes a rule that is seen, decides the next call, and can be taken back', async ({
  frame,
  folder,
  model,
  conversation,
  approvals,
}) => {
  test.setTimeout(120_000);
  model.script([command('touch tide.txt'), command('touch tide.txt'), { text: 'Touched twice.' }]);
  await frame.live();
  await conversation.ask({ agent: 'generalist', text: 'Count.', folder, mode: 'Read and write' });
  await expect(frame.page.getByLabel('1 waiting')).toBeVisible();
  await approvals.open();
  await expect(approvals.parts).toContainText(['touch tide.txt']);
  await expect(approvals.answer('Always, by a rule')).toBeVisible();
  await approvals.page.keyboard.press('r');
  await expect(approvals.page.getByText(/past call/)).toBeVisible();
  await approvals.button('Allow from now on').click();
  await expect(frame.toasts).toContainText('Allowed from now on');
  await approvals.page.getByRole('link', { name: 'its session' }).click();
  await expect(conversation.transcript).toContainText('Touched twice.');
  await conversation.card('Run a command').last().click();
  await expect(conversation.transcript).toContainText('rule');
  await approvals.open();
  await approvals.button('Rules').click();
  await expect(approvals.rules).toContainText(['touch']);
  await approvals.page.getByRole('button', { name: /^Remove the rule/ }).click();
  await expect(approvals.rules).toHaveCount(0);
});

test('a call is edited before it is allowed, another is denied with words that the model receives', async ({
  frame,
  folder,
  model,
  conversation,
  approvals,
}) => {
  test.setTimeout(120_000);
  model.script([command('touch one'), command('touch two'), { text: 'Understood.' }]);
  await frame.live();
  await conversation.ask({ agent: 'generalist', text: 'Say it.', folder, mode: 'Read and write' });
  await expect(frame.page.getByLabel('1 waiting')).toBeVisible();
  await approvals.open();
  await expect(approvals.answer('Allow once')).toBeVisible();
  await approvals.page.keyboard.press('e');
  const given = approvals.page.getByRole('textbox', { name: 'What it is given instead' });
  await given.fill('{ "command": ');
  await expect(approvals.button(/^Allow once/)).toBeDisabled();
  await given.fill('{ "command": "touch tide.txt && echo three" }');
  await approvals.button(/^Allow once/).click();
  await expect(approvals.waiting.filter({ hasText: 'touch two' })).toHaveCount(1);
  await approvals.waiting.first().getByRole('button').click();
  await expect(approvals.shown).toContainText('touch two');
  await expect(approvals.answer('Allow once')).toBeVisible();
  await approvals.page.keyboard.press('d');
  await approvals.page.getByRole('textbox', { name: 'Why' }).fill('Say it otherwise.');
  await approvals.button(/^Deny/).click();
  await expect(approvals.waiting).toHaveCount(0);
  await expect.poll(() => model.requests.length).toBe(3);
  const results = model.requests.at(-1)?.messages.flatMap((message) => message.results) ?? [];
  expect(results[0]?.text).toContain('three');
  expect(results[1]?.text).toContain('Say it otherwise.');
});

test('a session stops before its budget is overdrawn, says so, and goes on when it is raised', async ({
  frame,
  model,
  conversation,
}) => {
  const usage = { input: 9000, output: 500 };
  model.script([
    { text: 'First.', usage },
    { text: 'Second.', usage },
  ]);
  await frame.live();
  await conversation.ask({ agent: 'generalist', text: 'One.', budget: '12k tokens' });
  await expect(conversation.transcript).toContainText('First.');
  await conversation.composer.fill('Two.');
  await conversation.composer.press('Enter');
  await expect(conversation.raising).toContainText('budget');
  expect(model.requests).toHaveLength(1);
  await conversation.raising.getByRole('textbox', { name: 'or take, in tokens' }).fill('200000');
  await conversation.button('Raise and go on').click();
  await expect(conversation.transcript).toContainText('Second.');
  await expect(frame.page.getByRole('contentinfo', { name: 'Status' })).toContainText('19,000 tokens today');
});
