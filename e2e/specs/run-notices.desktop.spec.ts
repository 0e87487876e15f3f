import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { runCli } from '../launchers/built.ts';
import { expect, test } from '../launchers/desktop-test.ts';
import { goTo } from '../pages/going.ts';

const run = promisify(execFile);

const submit = async (data: string, ...command: string[]) => {
  const words = command.flatMap((word) => ['--param', `command=${word}`]);
  const { code, out } = await runCli(data, ['submit', '--recipe', 'clean-run', ...words, '--json']);
  return { code, run: /run_[0-9a-z]{26}/.exec(out)?.[0] ?? '' };
};

test('a run that has finished or failed is told of to who looks elsewhere, without what it was, and leads there', async ({
  open,
  data,
}) => {
  const { app, page } = await open();
  const first = await submit(data, 'true');
  expect(first.code).toBe(0);
  const finished = { title: 'A run has finished', body: 'Open Holdfast to see it.' };
  await expect.poll(() => app.notifications()).toEqual([finished]);
  await app.call('clickNotification', 'A run has finished');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`#/runs/${first.run}$`));
  const second = await submit(data, 'false');
  expect(second.code).not.toBe(0);
  const failed = { title: 'A run has failed', body: 'Open Holdfast to see it.' };
  await expect.poll(() => app.notifications()).toContainEqual(failed);
  await app.call('openLink', `holdfast://run/${second.run}/run`);
  await expect(page.getByRole('complementary', { name: 'Part Run the command' })).toContainText('failed');
});

test('an objective that failed too often is told of without its name, and leads to its page', async ({
  open,
  data,
}) => {
  const { app, page } = await open();
  const what = ['submit', '--recipe', 'clean-run', '--param', 'command=false'];
  const rules = ['--cron', '0 0 1 1 *', '--pause-after', '1'];
  expect((await runCli(data, ['schedule', 'add', 'tide', ...rules, '--', ...what])).code).toBe(0);
  expect((await runCli(data, ['schedule', 'run', 'tide'])).code).toBe(0);
  const told = { title: 'An objective failed and is paused', body: 'Open Holdfast to see it.' };
  await expect.poll(() => app.notifications()).toContainEqual(told);
  await app.call('clickNotification', told.title);
  await expect(page).toHaveURL(/#\/objectives\/tide$/);
  await expect(page.getByRole('region', { name: 'Objective tide' })).toContainText('begins nothing until');
});

/** A command agent that changes a file of its clone as soon as its gate is open. */
async function withMender(data: string, folder: string): Promise<{ open: () => Promise<void> }> {
  const [repository, gate] = [path.join(folder, 'tide'), path.join(folder, 'gate')];
  const agents = path.join(data, 'configuration/holdfast/agents');
  for (const made of [repository, gate, agents]) await mkdir(made, { recursive: true });
  const identity = ['-c', 'user.name=Sam', '-c', 'user.email=sam@example.org'];
  await run('git', ['init', '-q', repository]);
  await run('git', ['-C', repository, ...identity, 'commit', '-q', '--allow-empty', '-m', 'Begin']);
  if (process.getuid?.() === 0) await run('chown', ['-R', '65534:65534', repository, gate]);
  const argv = ['sh', '-c', 'until test -e /gate/open; do sleep 0.1; done; echo high > tide.txt'];
  const command = { argv, repository, mounts: [{ source: gate, target: '/gate', read_only: true }] };
  await writeFile(path.join(agents, 'mender.yaml'), JSON.stringify({ name: 'mender', command }));
  return { open: () => writeFile(path.join(gate, 'open'), '') };
}

test('changes that a session leaves are told of once, also of one that a schedule began, but to nobody who looks at it', async ({
  open,
  data,
}) => {
  const folder = await mkdtemp('/var/tmp/holdfast-e2e-');
  try {
    await chmod(folder, 0o755);
    const mender = await withMender(data, folder);
    const { app, page } = await open();
    const detached = await runCli(data, ['run', 'mender', '--detach']);
    const looked = /ses_[0-9a-z]{26}/.exec(detached.out + detached.err)?.[0] ?? '';
    await goTo(page, 'Sessions');
    await page.getByRole('list', { name: 'Sessions', exact: true }).getByRole('button').first().click();
    await expect(page).toHaveURL(new RegExp(`#/sessions\\?session=${looked}$`));
    await mender.open();
    await expect(page.getByText('its changes wait for you').first()).toBeVisible();

    await goTo(page, 'Audit');
    const add = ['schedule', 'add', 'tide', '--cron', '0 0 1 1 *', '--', 'run', 'mender'];
    expect((await runCli(data, add)).code).toBe(0);
    expect((await runCli(data, ['schedule', 'run', 'tide'])).code).toBe(0);
    const told = {
      title: 'A session has left changes that wait for you',
      body: 'Open Holdfast to see them.',
    };
    await expect.poll(() => app.notifications()).toEqual([told]);
    await app.call('clickNotification', told.title);
    await expect(page).toHaveURL(/#\/sessions\?session=ses_/);
    expect(page.url()).not.toContain(looked);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
