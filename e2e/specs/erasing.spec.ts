import { expect } from '../launchers/app-test.ts';
import { test } from '../launchers/with-model.ts';
import { look } from '../pages/looking.ts';

test(
  'the words of an answer are erased alone: the event keeps its data, and the record verifies',
  { tag: '@page' },
  async ({ app, frame, model, conversation, audit, folder }, info) => {
    model.script([{ text: 'The xylophone is out of tune.' }]);
    await frame.live();
    await conversation.ask({ agent: 'generalist', text: 'What is out of tune?', folder });
    await expect(conversation.transcript).toContainText('The xylophone is out of tune.');

    await audit.open();
    await audit.find('kind:model.called');
    await audit.inspect('model.called');
    await audit.inspector.getByRole('button', { name: /Erase what it carries/ }).click();
    const dialog = frame.dialog(/^Erase what event/);
    await dialog.getByRole('radio', { name: /Only what is attached/ }).click();
    await dialog.getByRole('textbox', { name: 'Why' }).fill('it told of an instrument');
    await look(frame.page, 'erase-attached', info.project.name);
    await dialog.getByRole('button', { name: 'Erase for good' }).click();
    await expect(frame.toasts).toContainText('Erased what was attached');
    const attachments = audit.inspector.getByRole('region', { name: 'Attachments' });
    await expect(attachments).toContainText('answer.json');
    await expect(attachments).toContainText('erased');
    await expect(audit.inspector).not.toContainText('Its data was erased');
    await expect(audit.inspector.getByText('✓ included')).toBeVisible();

    const verified = JSON.parse((await app.cli('verify', '--json')).out) as { ok: boolean; erased: number };
    expect(verified).toMatchObject({ ok: true, erased: 1 });
  },
);
