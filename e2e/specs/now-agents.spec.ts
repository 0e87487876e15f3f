import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/with-model.ts';
import { look, lookInAllWays } from '../pages/looking.ts';

const touch = (name: string) => ({ calls: [{ tool: 'exec', input: { command: `touch ${name}` } }] });

test(
  'what waits, runs and was is told on Now and leads there',
  { tag: '@looks' },
  async ({ frame, now, folder, model, conversation, approvals }, info) => {
    test.setTimeout(120_000);
    const { page } = frame;
    model.script([
      { text: 'Nothing to be done.' },
      {
        text: 'Four files are needed.',
        calls: ['one', 'two', 'three', 'four'].flatMap((name) => touch(name).calls),
      },
      { text: 'They are there.' },
    ]);
    await frame.live();
    await expect(now.steps.nth(1)).toContainText('demo/demo is the default model');
    await lookInAllWays(page, 'now-first', info.project.name);
    await now.welcome.getByRole('button', { name: /Got it/ }).click();
    await expect(now.waiting).toHaveCount(0);

    const wish = { agent: 'generalist', folder, mode: 'Read and write' };
    await conversation.ask({ ...wish, text: 'Is there anything to do?' });
    await expect(conversation.transcript).toContainText('Nothing to be done.');
    await conversation.ask({ ...wish, text: 'Make the files.' });
    await expect(conversation.button('Allow once').first()).toBeVisible();

    await now.open();
    await expect(now.waiting.first()).toContainText('touch');
    await expect(now.working.filter({ hasText: 'Make the files.' })).toHaveCount(1);
    await expect(now.lately.filter({ hasText: 'Is there anything to do?' })).toHaveCount(1);
    await lookInAllWays(page, 'now-agents', info.project.name);
    await page.setViewportSize({ width: 700, height: 600 });
    await look(page, 'now-agents-700', info.project.name);
    // Where only its picture is left, a link is called what it was.
    await expect(page.getByRole('navigation').getByRole('link', { name: /^Approvals/ })).toBeVisible();
    await page.setViewportSize({ width: 1280, height: 820 });

    await now.waiting.first().getByRole('link').click();
    await expect(approvals.answer('Allow once')).toBeVisible();
    await expect(approvals.shown).toContainText('touch');
  },
);
