import { expect, test } from '../launchers/app-test.ts';

test.use({ planted: 3000 });

/** What was recorded last: the browser's way in, or the start of the desktop app, which needs none. */
const newest = /let a browser in|as the desktop app/;

test('every event is a row, newest first, and the oldest is one key away', async ({ audit }) => {
  await audit.open();
  await expect(audit.rows.first()).toContainText(newest);
  await audit.list.focus();
  await audit.page.keyboard.press('End');
  await expect(audit.selected).toContainText('log.created');
  await audit.page.keyboard.press('Home');
  await expect(audit.rows.first()).toContainText(newest);
});

test(
  'the search narrows by words and fields, and says what it did not understand',
  { tag: '@page' },
  async ({ audit }) => {
    await audit.open();
    await audit.find('kind:capability.* actor:release');
    await expect(audit.rows.first()).toContainText('capability.denied');
    await expect(audit.rows.filter({ hasNotText: 'capability.denied' })).toHaveCount(0);
    await expect(audit.rows.filter({ hasText: 'researcher' })).toHaveCount(0);
    await audit.find('planting');
    await expect(audit.rows.first()).toContainText('stopped: planting is done');
    await audit.find('since:soon planting');
    await expect(audit.page.getByText('“soon” is no time')).toBeVisible();
    await audit.find('nothingiscalledthis');
    await expect(audit.page.getByText('Nothing on the record matches')).toBeVisible();
    await audit.page.getByRole('button', { name: 'Clear the search' }).last().click();
    await expect(audit.rows.first()).toContainText(newest);
  },
);

test(
  'suggestions complete a search with the keyboard, however fast one types',
  { tag: '@page' },
  async ({ audit }) => {
    await audit.open();
    await audit.page.keyboard.press('/');
    await audit.page.keyboard.type('kind:cap');
    await expect(audit.suggestions.first()).toContainText('capability.*');
    await audit.page.keyboard.press('ArrowDown');
    await audit.page.keyboard.press('Enter');
    await audit.page.keyboard.type('actor:release');
    await expect(audit.search).toHaveValue('kind:capability.* actor:release');
  },
);

test(
  'chips write into the search, so that the text stays the whole truth',
  { tag: '@page' },
  async ({ audit }) => {
    await audit.open();
    await audit.chip('Kind').click();
    await audit.page.getByRole('menuitemradio', { name: 'approval.*' }).click();
    await expect(audit.search).toHaveValue('kind:approval.*');
    await expect(audit.rows.first()).toContainText('approval.asked');
    await audit.chip('Kind').click();
    await audit.page.getByRole('menuitemradio', { name: 'Any kind' }).click();
    await expect(audit.search).toHaveValue('');
  },
);

test('the tail is live, stands still while one looks elsewhere, and catches up on request', async ({
  app,
  audit,
}) => {
  await audit.open();
  await app.cli('note', 'first wave');
  await expect(audit.rows.first()).toContainText('first wave');
  await audit.list.hover();
  await audit.page.mouse.wheel(0, 2000);
  await expect(audit.rows.filter({ hasText: 'first wave' })).toHaveCount(0);
  await app.cli('note', 'second wave');
  await app.cli('note', 'third wave');
  await expect(audit.newest).toContainText('2 new events');
  await audit.newest.click();
  await expect(audit.rows.first()).toContainText('third wave');
  await expect(audit.rows.nth(1)).toContainText('second wave');
  await expect(audit.newest).toBeHidden();
});

test('a filtered tail shows only what matches', { tag: '@page' }, async ({ app, audit }) => {
  await audit.open();
  await audit.find('kind:record.noted');
  await expect(audit.page.getByText('Nothing on the record matches')).toBeVisible();
  await app.cli('note', 'the only one');
  await expect(audit.rows.first()).toContainText('the only one');
  await expect(audit.rows).toHaveCount(1);
});

test('the inspector proves an event by computing it in the window', { tag: '@page' }, async ({ audit }) => {
  await audit.open();
  await audit.inspect('capability.denied');
  await expect(audit.inspector).toContainText(
    'was refused file_read: /home/sam/.ssh/config: outside what the token grants',
  );
  await expect(audit.inspector.getByText('✓ included in the checkpoint signed')).toBeVisible();
  await expect(audit.inspector).toContainText('Hashes and signature were computed here');
  await expect(audit.inspector.locator('pre')).toContainText(
    '"capability": "file_read: /home/sam/.ssh/config"',
  );
  await audit.page.keyboard.press('Escape');
  await expect(audit.inspector).toBeHidden();
});

test(
  'a number jumps to an event, and a link to it opens again',
  { tag: '@page' },
  async ({ audit, frame }) => {
    await audit.open();
    await audit.find('#1234');
    await expect(audit.inspector).toHaveAccessibleName('Event 1,234');
    await expect(audit.selected).toContainText('1,234');
    await expect(audit.page).toHaveURL(/event=1234/);
    await audit.page.reload();
    await frame.live();
    await expect(audit.inspector).toHaveAccessibleName('Event 1,234');
  },
);

test(
  'what an event carries is erased after a reason was given, and the event stays proven',
  { tag: '@page' },
  async ({ app, audit, frame }) => {
    await app.cli('note', 'Sam was here');
    await audit.open();
    await audit.inspect('record.noted');
    await audit.inspector.getByRole('button', { name: /Erase what it carries/ }).click();
    const dialog = frame.dialog(/^Erase what event/);
    await expect(dialog.getByRole('button', { name: 'Erase for good' })).toBeDisabled();
    await dialog.getByRole('textbox', { name: 'Why' }).fill('it named a person');
    await dialog.getByRole('button', { name: 'Erase for good' }).click();
    await expect(audit.inspector).toContainText('Its data was erased');
    await expect(audit.inspector.getByText('✓ included')).toBeVisible();
  },
);
