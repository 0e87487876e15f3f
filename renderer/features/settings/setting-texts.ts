import { type SettingKey, type Settings, settingsSchema } from '../../../shared/settings.ts';

/** How one setting is written in a text field, and read from it. An empty field means none. */
export interface SettingText<Key extends SettingKey = SettingKey> {
  readonly key: Key;
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly write: (value: Settings[Key]) => string;
  readonly read: (text: string) => unknown;
}

export const fileSetting: SettingText<'checkpoint.file'> = {
  key: 'checkpoint.file',
  label: 'File',
  hint: 'Receives each new checkpoint; best on another disk or machine.',
  placeholder: '/mnt/elsewhere/holdfast.checkpoint',
  write: (value) => value ?? '',
  read: (text) => text,
};

export const commandSetting: SettingText<'checkpoint.command'> = {
  key: 'checkpoint.command',
  label: 'Command',
  hint: 'Receives each new checkpoint on its standard input. No shell: words, with quotes around those that hold spaces.',
  placeholder: 'mail -s "Holdfast checkpoint" me@example.org',
  write: (value) =>
    (value ?? []).map((word) => (/^[^\s"']+$/.test(word) ? word : JSON.stringify(word))).join(' '),
  read: wordsOf,
};

export const keepDaysSetting: SettingText<'blobs.keepDays'> = {
  key: 'blobs.keepDays',
  label: 'Keep for days',
  hint: 'Older attachments are pruned; their hashes stay proven. Empty keeps all.',
  placeholder: 'for ever',
  write: (value) => value?.toString() ?? '',
  read: numberOf,
};

const million = 1_000_000;

export const keepBytesSetting: SettingText<'blobs.maxBytes'> = {
  key: 'blobs.maxBytes',
  label: 'Keep at most, in megabytes',
  hint: 'When there is more, the oldest go first. Empty keeps all.',
  placeholder: 'no limit',
  write: (value) => (value === null ? '' : String(value / million)),
  read: (text) => {
    const megabytes = numberOf(text);
    return typeof megabytes === 'number' ? Math.round(megabytes * million) : megabytes;
  },
};

export const sandboxUidSetting: SettingText<'sandbox.uid'> = {
  key: 'sandbox.uid',
  label: 'Account of sandboxes',
  hint: 'The uid that sandboxes run under, since Holdfast runs as root. Empty: whoever called sudo, otherwise nobody (65534).',
  placeholder: '1000',
  write: (value) => value?.toString() ?? '',
  read: numberOf,
};

function numberOf(text: string): unknown {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Splits a line into words; quotes keep spaces, and a backslash inside double quotes the next letter. */
export function wordsOf(line: string): string[] | string {
  const words: string[] = [];
  const word = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+))(?=\s|$)/y;
  while (word.lastIndex < line.trimEnd().length) {
    const match = word.exec(line);
    if (!match) return line;
    words.push(match[1]?.replaceAll(/\\(.)/g, '$1') ?? match[2] ?? match[3] ?? '');
  }
  return words;
}

export type ReadSetting<Key extends SettingKey> =
  { value: Settings[Key]; wrong?: undefined } | { wrong: string };

/** What a field says, checked with the very schema that the other side checks with. */
export function readSetting<Key extends SettingKey>(
  setting: SettingText<Key>,
  text: string,
): ReadSetting<Key> {
  const trimmed = text.trim();
  const parsed = settingsSchema.shape[setting.key].safeParse(trimmed === '' ? null : setting.read(trimmed));
  if (parsed.success) return { value: parsed.data as Settings[Key] };
  const message = parsed.error.issues[0]?.message ?? 'not a good value';
  return { wrong: /expected (number|int|array)/.test(message) ? wrongShape(message) : message };
}

function wrongShape(message: string): string {
  return message.includes('array') ? 'a quote is not closed' : 'write a whole number';
}
