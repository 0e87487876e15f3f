import type { SettingText } from './setting-texts.ts';

const number = (text: string): unknown => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);

export const defaultModelSetting: SettingText<'models.default'> = {
  key: 'models.default',
  label: 'Default model',
  hint: 'For agents that name none: the provider, a slash, the model.',
  placeholder: 'anthropic/claude-sonnet-5-5',
  write: (value) => value ?? '',
  read: (text) => text,
};

const bound = <
  Key extends 'budget.dayTokens' | 'budget.dayDollars' | 'budget.callTokens' | 'budget.callDollars',
>(
  key: Key,
  label: string,
  hint: string,
): SettingText<Key> => ({
  key,
  label,
  hint,
  placeholder: 'no limit',
  write: (value) => value?.toString() ?? '',
  read: number,
});

export const dayTokensSetting = bound(
  'budget.dayTokens',
  'Tokens a day',
  'Of all agents together, sent and received. Empty: no limit.',
);
export const dayDollarsSetting = bound(
  'budget.dayDollars',
  'Dollars a day',
  'Of all agents together. A model whose price nobody knows is then not asked. Empty: no limit.',
);
export const callDollarsSetting = bound(
  'budget.callDollars',
  'Dollars a call',
  'Set aside before each call, at the worst that it may cost. Empty: no limit.',
);
