import type { Command } from 'commander';
import { Problem } from '../../../shared/problem.ts';
import { settingKeys, settingsSchema } from '../../../shared/settings.ts';
import { aligned } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

function readKey(text: string): (typeof settingKeys)[number] {
  const key = settingKeys.find((known) => known === text);
  if (key) return key;
  throw new Problem('not_found', `There is no setting “${text}”.`, `There are ${settingKeys.join(', ')}.`);
}

/** JSON where it is JSON (null, numbers, lists), otherwise the text itself. */
function readSetting(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export function addSettingVerbs(program: Command): void {
  const settings = program
    .command('settings')
    .helpCommand(false)
    .summary('See and change settings')
    .description('See and change settings.');

  verb(settings, 'list', 'Say all settings', 'holdfast settings list').action(async (options: Common) => {
    const { client, out } = openSession(options);
    const values = await client.settings.get();
    out.result(values, () =>
      aligned(
        settingKeys.map((key) => [
          key,
          JSON.stringify(values[key]),
          settingsSchema.shape[key].description ?? '',
        ]),
      ),
    );
  });

  verb(
    settings,
    'set <key> <value>',
    'Change one setting; null unsets it',
    'holdfast settings set blobs.keepDays 90',
  ).action(async (key: string, text: string, options: Common) => {
    const { client, out } = openSession(options);
    const name = readKey(key);
    const value = readSetting(text) as Parameters<typeof client.settings.set>[0]['value'];
    const values = await client.settings.set({ key: name, value });
    out.result(values, () => [`${name} is ${JSON.stringify(values[name])}.`]);
  });
}
