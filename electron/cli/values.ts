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

export function readCount(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Problem('invalid_input', `${option} ${text} is not a whole number from ${least} to ${most}.`);
}
