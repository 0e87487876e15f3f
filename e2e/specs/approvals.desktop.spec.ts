import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { runCli } from '../launchers/built.ts';
import { expect, test } from '../launchers/desktop-test.ts';

const leave = path.join(import.meta.dirname, '..', 'launchers', 'leave-waiting.ts');

function leaveWaiting(data: string, ...lines: string[]): string[] {
  return JSON.parse(
    execFileSync(process.execPath, [leave, data, ...lines], { encoding: 'utf8' }),
  ) as string[];
}

async function settled(data: string, id: string): Promise<unknown> {
  const { state, settled: by } = JSON.parse((await runCli(data, ['approvals', id, '--json'])).out) as {
    state: string;
    settled: { how: string } | null;
  };
  return [state, by?.how];
}

test('what is shown whole is allowed and denied in the tray, and the rest is opened', async ({
  open,
  data,
}) => {
  const [status = '', push = '', long = ''] = leaveWaiting(
    data,
    'git status && ls',
    'git push',
    `echo ${'x'.repeat(200)}; rm -rf /`,
  );
  const { app, page } = await open();
  const lines = async () => (await app.tray())?.menu.map(({ label }) => label) ?? [];
  await expect
    .poll(lines)
    .toEqual(
      expect.arrayContaining([
        '3 things wait for you',
        'Allow  git status && ls'.replaceAll('&', '&&'),
        'Deny  git push',
        'coder asks for more than fits here …',
      ]),
    );
  await app.call('chooseInTray', 'Allow  git status && ls'.replaceAll('&', '&&'));
  await expect.poll(() => settled(data, status)).toEqual(['granted', 'once']);
  await app.call('chooseInTray', 'Deny  git push');
  await expect.poll(() => settled(data, push)).toEqual(['denied', 'deny']);
  await expect.poll(lines).toContain('1 thing waits for you');
  await app.call('chooseInTray', 'coder asks for more than fits here …');
  await expect(page).toHaveURL(new RegExp(`#/approvals\\?approval=${long}$`));
  expect(await settled(data, long)).toEqual(['pending', undefined]);
});

test('a notification allows what it shows whole', async ({ start, data }) => {
  const [push = ''] = leaveWaiting(data, 'git push');
  const app = await start({ args: ['--hidden'] });
  await expect
    .poll(() => app.notifications())
    .toEqual([{ title: 'coder asks', body: 'git push\nin /project' }]);
  await app.call('pressInNotification', 'coder asks', 'Allow');
  await expect.poll(() => settled(data, push)).toEqual(['granted', 'once']);
  await expect.poll(() => app.notifications()).toEqual([]);
});

test('a notification goes when somebody answers elsewhere', async ({ start, data }) => {
  const [fetch = ''] = leaveWaiting(data, 'git fetch');
  const app = await start({ args: ['--hidden'] });
  await expect.poll(() => app.notifications()).toHaveLength(1);
  await runCli(data, ['deny', fetch]);
  await expect.poll(() => app.notifications()).toEqual([]);
  const lines = async () => (await app.tray())?.menu.map(({ label }) => label);
  await expect.poll(lines).toContain('Nothing waits for you');
});
