import type { RecordedEvent } from '../../shared/events/event.ts';
import type { SettingKey } from '../../shared/settings.ts';
import type { DataOf, Projection } from './projection.ts';

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
    const { key, value } = event.data as DataOf<'setting.changed'>;
    return [{ op: 'put', table: 'settings', row: { key, value: JSON.stringify(value) } }];
  },
};
