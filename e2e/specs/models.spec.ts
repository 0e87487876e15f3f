import { expect, test } from '../launchers/app-test.ts';
import { lookInAllWays } from '../pages/looking.ts';
import { startModelStandIn } from '../stand-in-models/stand-in.ts';

test(
  'a provider is set up and tested, its key never comes out, and a wrong one is told',
  { tag: '@page' },
  async ({ app, settings, frame }) => {
    const server = await startModelStandIn({
      key: 'their-right-key',
      models: ['small', 'large'],
      answer: () => ({}),
    });
    try {
      await settings.open();
      const models = settings.section('Models');
      await expect(models.getByText('No models yet')).toBeVisible();
      await models.getByRole('button', { name: /Set up a provider/ }).click();
      const dialog = frame.dialog('Set up a provider');
      await dialog.getByLabel('Provider').selectOption({ label: 'Another…' });
      await dialog.getByRole('textbox', { name: 'Name' }).fill('mine');
      await dialog.getByRole('textbox', { name: 'Address' }).fill(server.openai);
      await dialog.getByLabel('Key').fill('their-wrong-key');
      await dialog.getByRole('textbox', { name: 'Default model' }).fill('small');
      await dialog.getByRole('button', { name: 'Set up and test' }).click();
      await expect(dialog.getByRole('alert')).toContainText('mine.key');
      await dialog.getByLabel('Key').fill('their-right-key');
      await app.page.keyboard.press('Enter');
      await expect(frame.toasts).toContainText('the connection works');
      await expect(settings.providers).toContainText(server.openai);
      await expect(models.getByRole('textbox', { name: 'Default model' })).toHaveValue('mine/small');
      await settings.page.getByRole('button', { name: 'Test mine' }).click();
      await expect(settings.providers).toContainText('It answers, and has small, large.');
      await expect(settings.secrets).toContainText('mine.key');
      await expect(settings.page.getByText('their-right-key')).toHaveCount(0);
      await settings.providers.getByRole('button', { name: 'Remove mine' }).click();
      await expect(settings.providers).toHaveCount(0);
    } finally {
      await server.close();
    }
  },
);

test(
  'what is on this machine is found when somebody looks, and a day’s budget is kept',
  { tag: '@page' },
  async ({ app, settings, frame }) => {
    const server = await startModelStandIn({ models: ['llama'], ollama: true, answer: () => ({}) });
    try {
      const set = await app.cli(
        'configure',
        '--provider',
        'ollama',
        '--base-url',
        server.openai,
        '--no-test',
      );
      expect(set.code, set.err).toBe(0);
      await settings.open();
      const models = settings.section('Models');
      await models.getByRole('button', { name: 'Look on this machine' }).click();
      const found = settings.page.getByRole('list', { name: 'Found on this machine' });
      await expect(found).toContainText('ollama answers here');
      await found.getByRole('button', { name: 'Use ollama' }).click();
      const dialog = frame.dialog('Set up a provider');
      await expect(dialog.getByRole('textbox', { name: 'Default model' })).toHaveValue('llama');
      await dialog.getByRole('button', { name: 'Set up and test' }).click();
      await expect(models.getByRole('textbox', { name: 'Default model' })).toHaveValue('ollama/llama');
      await expect(models.getByText(/^Today 0 tokens/)).toBeVisible();
      const tokens = models.getByRole('textbox', { name: 'Tokens a day' });
      await tokens.fill('-1');
      await expect(models.getByRole('button', { name: 'Save' })).toBeDisabled();
      await tokens.fill('500000');
      await tokens.press('Enter');
      await expect(frame.toasts).toContainText('saved');
    } finally {
      await server.close();
    }
  },
);

test('models are accessible and pictured', { tag: '@looks' }, async ({ app, settings, frame }, info) => {
  test.setTimeout(240_000);
  const server = await startModelStandIn({ models: ['small'], answer: () => ({}) });
  try {
    const { page } = settings;
    const picture = (name: string) => lookInAllWays(page, name, info.project.name);
    const args = ['--provider', 'demo', '--base-url', server.openai, '--no-key', '--model', 'small'];
    expect((await app.cli('configure', ...args)).code).toBe(0);
    await settings.open();
    await settings.section('Models').getByRole('button', { name: 'Test demo' }).click();
    await expect(settings.providers).toContainText('It answers');
    await settings.section('Models').scrollIntoViewIfNeeded();
    await picture('models');
    await settings
      .section('Models')
      .getByRole('button', { name: /Set up a provider/ })
      .click();
    await expect(frame.dialog('Set up a provider')).toBeVisible();
    await picture('models-provider');
  } finally {
    await server.close();
  }
});
