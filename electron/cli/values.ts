import { Problem } from '../../shared/problem.ts';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time as people give it: a date, a date and time, or how long ago. */
export function readTime(text: string, now: Date): string {
  const ago = /^(\d+)([smhd])$/.exec(text);
  const time = ago ? now.getTime() - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0) : Date.parse(text);
  if (Number.isNaN(time))
    throw new Problem(
      'invalid_input',
      `“${text}” is no time.`,
      'Give one such as 2026-03-01, 2026-03-01T09:30 or 2h (ago).',
    );
  return new Date(time).toISOString();
}

/** A time to come: a date, or how long from now. */
export function readEnd(text: string, now: Date): string {
  if (!/^\d+[smhd]$/.test(text)) return readTime(text, now);
  const ago = now.getTime() - Date.parse(readTime(text, now));
  return new Date(now.getTime() + ago).toISOString();
}

export function readCount(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Problem('invalid_input', `${option} ${text} is not a whole number from ${least} to ${most}.`);
}

const sizes: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** A size as people give it: 512M, 2g, 1048576. */
export function readBytes(option: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?$/i.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (sizes[unit.toLowerCase()] ?? 0));
  if (number !== '' && Number.isSafeInteger(bytes)) return bytes;
  throw new Problem('invalid_input', `${option} ${text} is no size.`, 'Give one such as 512M or 2G.');
}

/** A length of time: 90s, 10m, 2h, 1d, or seconds. */
export function readSeconds(option: string, text: string): number {
  const [, number = '', unit = 's'] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  const seconds = (Number(number) * (units[unit || 's'] ?? 0)) / 1000;
  if (number !== '' && seconds >= 1) return seconds;
  throw new Problem(
    'invalid_input',
    `${option} ${text} is no length of time.`,
    'Give one such as 90s or 10m.',
  );
}

/** Money as people give it, in millionths of a dollar. */
export function readDollars(text: string): number {
  const micros = Math.round(Number(text) * 1e6);
  if (/^\d+(\.\d+)?$/.test(text) && micros >= 1 && Number.isSafeInteger(micros)) return micros;
  throw new Problem('invalid_input', `--dollars ${text} is no amount.`, 'Give one such as 2.50.');
}
