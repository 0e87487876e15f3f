import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/with-model.ts';

test('a job is seen from its conversation and among all, says what it says as it does, and is cancelled', async ({
  frame,
  folder,
  model,
  conversation,
}) => {
  const { page } = frame;
  const command = 'echo the tide rises; sleep 1000';
  model.script([
    { text: 'I start it.', calls: [{ tool: 'job_submit', input: { command, writes: false } }] },
    { text: 'It runs.' },
  ]);
  await frame.live();
  await conversation.ask({ agent: 'generalist', text: 'Watch the tide.', folder });
  const here = conversation.inspector.getByRole('list', { name: 'Its newest jobs' });
  await here.getByRole('link', { name: command }).click();
  const jobs = page.getByRole('region', { name: 'Jobs', exact: true });
  await expect(jobs.getByRole('region', { name: 'What it said' })).toHaveText('the tide rises');
  await page.keyboard.press('j');
  await expect(jobs).toContainText('Jobs of all sessions');
  await jobs.getByRole('button', { name: /^Cancel/ }).click();
  await expect(jobs.getByRole('listitem')).toContainText('was cancelled');
  await jobs.getByRole('link', { name: 'generalist' }).click();
  await expect(conversation.transcript).toContainText('It runs.');
});
