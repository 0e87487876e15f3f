import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/person-folder.ts';
import { lookInAllWays } from '../pages/looking.ts';

test(
  'sessions are accessible and pictured',
  { tag: '@looks' },
  async ({ app, frame, sessions, settings, folder }, info) => {
    // Five pictures, each looked over by axe.
    test.setTimeout(120_000);
    const { page } = frame;
    const picture = (name: string) => lookInAllWays(page, name, info.project.name);
    await frame.live();
    await sessions.open();
    await expect(page.getByText('Nothing has run in a sandbox yet')).toBeVisible();
    await picture('sessions-empty');
    await page.keyboard.press('c');
    await sessions.dialog.getByRole('textbox', { name: 'Folder 1' }).fill(folder);
    await picture('sessions-dialog');
    await page.keyboard.press('Escape');

    const script = `cd ${folder} && ls -l && echo high > tide.txt && printf 'full\\nnew\\n' > moon.txt && mkdir sky`;
    const started = await app.cli(
      'shell',
      '--detach',
      '--folder',
      `${folder}:review`,
      '--',
      'sh',
      '-c',
      script,
    );
    expect(started.err).toBe('');
    await sessions.list.first().getByRole('button').click();
    await expect(sessions.standing).toContainText('wait for you');
    await sessions.button('Output').click();
    await expect(sessions.rows).toContainText('tide.txt');
    await picture('session-output');
    await sessions.button('Changes').click();
    await sessions.button('tide.txt').click();
    await expect(page.getByLabel(/^Difference of/)).toContainText('+high');
    await picture('session-changes');
    await settings.open();
    await settings.section('Containment').scrollIntoViewIfNeeded();
    await picture('settings-containment');
  },
);
