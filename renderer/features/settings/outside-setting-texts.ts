import type { SettingText } from './setting-texts.ts';

const text = <Key extends 'mail.host' | 'mail.user' | 'mail.from' | 'search.url'>(
  key: Key,
  label: string,
  hint: string,
  placeholder: string,
): SettingText<Key> => ({
  key,
  label,
  hint,
  placeholder,
  write: (value) => value ?? '',
  read: (given) => given,
});

const port: SettingText<'mail.port'> = {
  key: 'mail.port',
  label: 'Port',
  hint: '465 is encrypted from the first word on, any other as soon as it begins (STARTTLS). Only to this machine may it be plain.',
  placeholder: '587',
  write: (value) => value?.toString() ?? '',
  read: (given) => (/^\d+$/.test(given) ? Number(given) : given),
};

/** What mails go out by, in the order in which a person fills it in. */
export const mailSettings = [
  text('mail.host', 'Server', 'It sends the mails of your account.', 'smtp.example.org'),
  port,
  text('mail.from', 'From', 'The address that mails are from.', 'me@example.org'),
  text('mail.user', 'Account', 'Empty: the server asks for none.', 'me@example.org'),
] as const;
export type MailSetting = (typeof mailSettings)[number];

export const searchUrlSetting = text(
  'search.url',
  'Address',
  'Where your SearXNG listens; it has to answer in JSON (search: formats in its settings.yml).',
  'http://localhost:8888',
);
