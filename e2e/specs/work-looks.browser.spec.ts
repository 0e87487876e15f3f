import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/work-folders.ts';
import { look, lookInAllWays } from '../pages/looking.ts';
import { WorkPage } from '../pages/work-page.ts';

test(
  'the sheet of command agents, their sessions and their records are accessible and pictured',
  { tag: '@looks' },
  async ({ app, frame, agents, sessions, settings, work }, info) => {
    // Five pictures, each looked over by axe.
    test.setTimeout(120_000);
    const { page } = frame;
    const sheet = new WorkPage(app);
    const picture = (name: string) => lookInAllWays(page, name, info.project.name);
    await frame.live();
    await agents.open();
    await agents.choose('mender');
    await sheet.drop({ 'raise.json': '{\n  "steps": ["a", 7],\n  "risk": []\n}\n', 'notes.md': '# Tide\n' });
    await expect(sheet.problems).toHaveCount(2);
    await picture('work-sheet');
    await page.keyboard.press('Escape');
    await expect(sheet.sheet).toBeHidden();

    const started = await app.cli('run', 'mender', '--request', 'Raise the tide, and leave the moon to me.');
    expect(started.err).toContain('What it changed is kept');
    expect(work.repository).not.toBe('');
    await sessions.open();
    await sessions.list.first().getByRole('button').click();
    await expect(sessions.inspector).toContainText('Sealed');
    await sessions.button('tide.txt').click();
    await expect(page.getByLabel(/^Difference of/)).toContainText('+high');
    await picture('work-session');
    await sessions.button('Apply…').click();
    await frame.dialog('Apply the changes').waitFor();
    await look(page, 'work-apply', info.project.name);
    await page.keyboard.press('Escape');
    await settings.open();
    await settings.section('Command agents').scrollIntoViewIfNeeded();
    await look(page, 'settings-work', info.project.name);
    await settings.section('Command agents').getByRole('button', { name: 'Look at the records…' }).click();
    const records = frame.dialog('Records of sessions');
    await expect(records.getByRole('list', { name: 'Records of sessions' })).toContainText('mender');
    await picture('settings-records');
  },
);
