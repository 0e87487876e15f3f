import type { RecordedEvent } from '../../shared/events/event.ts';
import { defaultSettings, type SettingKey, type Settings, settingsSchema } from '../../shared/settings.ts';
import type { Cell, Projection } from './projection.ts';

/** Where checkpoints go: a command to run, a file to write. A backup must not decide that for the one who restores it. */
const destinations: readonly SettingKey[] = ['checkpoint.file', 'checkpoint.command'];

/** The present settings, derived from `setting.changed`. */
export const settingRows: Projection = {
  name: 'settings',
  kinds: ['setting.changed', 'log.restored'],
  tables: { settings: 'key TEXT PRIMARY KEY, value TEXT NOT NULL' },
  rows(event: RecordedEvent) {
    if (event.kind === 'log.restored')
      return destinations.map((key) => ({ op: 'drop', table: 'settings', key: { key } }) as const);
    const { key, value } = event.data as { key: SettingKey; value: unknown };
    return [{ op: 'put', table: 'settings', row: { key, value: JSON.stringify(value) } }];
  },
};

/** A stored value that no longer fits (another version wrote it, or it is damaged) counts as not set. */
export function settingsFrom(rows: readonly Record<string, Cell>[]): Settings {
  const settings: Settings = { ...defaultSettings };
  for (const { key, value } of rows) {
    const name = key as SettingKey;
    const parsed = settingsSchema.shape[name]?.safeParse(read(String(value)));
    if (parsed?.success) Object.assign(settings, { [name]: parsed.data });
  }
  return settings;
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
