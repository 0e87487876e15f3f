import type { Timing } from '../../../shared/schedule.ts';

export const timingKinds = ['hourly', 'daily', 'weekdays', 'weekly', 'cron'] as const;
export type TimingKind = (typeof timingKinds)[number];

/** When, as a person chooses it. */
export interface TimingForm {
  readonly kind: TimingKind;
  /** Minutes past the hour. */
  readonly minute: string;
  /** As in 07:30. */
  readonly time: string;
  /** 0 is Sunday. */
  readonly day: Day;
  readonly cron: string;
  readonly zone: string;
}

export const days = ['0', '1', '2', '3', '4', '5', '6'] as const;
export type Day = (typeof days)[number];
export const dayNames: Record<Day, string> = {
  0: 'Sunday',
  1: 'Monday',
  2: 'Tuesday',
  3: 'Wednesday',
  4: 'Thursday',
  5: 'Friday',
  6: 'Saturday',
};

export const emptyTiming: TimingForm = {
  kind: 'daily',
  minute: '0',
  time: '07:30',
  day: '1',
  cron: '30 7 * * *',
  zone: '',
};

/** Null while something is missing. */
export function timingOf(form: TimingForm): Timing | null {
  const cron = cronOf(form);
  return cron === null ? null : { cron, zone: form.zone.trim() === '' ? null : form.zone.trim() };
}

function cronOf({ kind, minute, time, day, cron }: TimingForm): string | null {
  if (kind === 'cron') return cron.trim() === '' ? null : cron.trim().replaceAll(/\s+/g, ' ');
  if (kind === 'hourly') return /^[0-5]?\d$/.test(minute.trim()) ? `${Number(minute)} * * * *` : null;
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (hours === undefined) return null;
  const at = `${Number(minutes)} ${Number(hours)} * *`;
  return `${at} ${{ daily: '*', weekdays: '1-5', weekly: day }[kind]}`;
}

/** A schedule as the simplest choice that means the same. */
export function timingFormOf({ cron, zone }: Timing): TimingForm {
  const common = { ...emptyTiming, cron, zone: zone ?? '' };
  const [, minute, hour, day] = /^(\d{1,2}) (\*|\d{1,2}) \* \* (\*|1-5|[0-7])$/.exec(cron.trim()) ?? [];
  if (minute === undefined || hour === undefined || day === undefined) return { ...common, kind: 'cron' };
  if (hour === '*') return day === '*' ? { ...common, kind: 'hourly', minute } : { ...common, kind: 'cron' };
  const timed = { ...common, time: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` };
  if (day === '*') return { ...timed, kind: 'daily' };
  if (day === '1-5') return { ...timed, kind: 'weekdays' };
  return { ...timed, kind: 'weekly', day: days.find((each) => each === day) ?? '0' };
}

/** `every day at 07:30`. */
export function timingWords(timing: Timing): string {
  const form = timingFormOf(timing);
  const zone = timing.zone === null ? '' : `, ${timing.zone.replaceAll('_', ' ')} time`;
  switch (form.kind) {
    case 'hourly':
      return `every hour, ${form.minute === '0' ? 'on the hour' : `${form.minute} minutes past`}${zone}`;
    case 'daily':
      return `every day at ${form.time}${zone}`;
    case 'weekdays':
      return `on weekdays at ${form.time}${zone}`;
    case 'weekly':
      return `every ${dayNames[form.day]} at ${form.time}${zone}`;
    case 'cron':
      return `by “${timing.cron}”${zone}`;
  }
}
