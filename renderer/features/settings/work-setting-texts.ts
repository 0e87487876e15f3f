import type { SettingText } from './setting-texts.ts';

const number = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);
const million = 1_000_000;

const count = <Key extends 'work.concurrency' | 'work.keepDays' | 'records.keepDays'>(
  key: Key,
  label: string,
  hint: string,
  placeholder: string,
): SettingText<Key> => ({
  key,
  label,
  hint,
  placeholder,
  write: (value) => value?.toString() ?? '',
  read: number,
});

export const workConcurrencySetting = count(
  'work.concurrency',
  'At work at the same time',
  'Others wait for a place, in their order.',
  '4',
);

export const workKeepDaysSetting = count(
  'work.keepDays',
  'Keep changes for days',
  'What nobody applied or threw away by then is let go.',
  '30',
);

export const recordsRootSetting: SettingText<'records.root'> = {
  key: 'records.root',
  label: 'Folder of the records',
  hint: 'Empty: the folder audit beside the record. Records that are there already stay where they are.',
  placeholder: '/var/log/holdfast',
  write: (value) => value ?? '',
  read: (given) => given,
};

export const recordsKeepDaysSetting = count(
  'records.keepDays',
  'Keep records for days',
  'Older ones are removed, and the removal is an event. Empty keeps all.',
  'for ever',
);

export const recordsKeepBytesSetting: SettingText<'records.keepBytes'> = {
  key: 'records.keepBytes',
  label: 'Keep records up to, in megabytes',
  hint: 'When there is more, the oldest go first. Empty keeps all.',
  placeholder: 'no limit',
  write: (value) => (value === null ? '' : String(value / million)),
  read: (text) => {
    const megabytes = number(text);
    return typeof megabytes === 'number' ? Math.round(megabytes * million) : megabytes;
  },
};
