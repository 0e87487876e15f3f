import { defaultSettings, type SettingKey, type Settings, settingsSchema } from '../../shared/settings.ts';
import type { Cell } from './projection.ts';

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
