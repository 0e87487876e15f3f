import { Cron } from 'croner';
import { cronProblem } from './cron-fields.ts';

export interface CronTiming {
  readonly cron: string;
  /** Null: this machine’s. */
  readonly zone: string | null;
}

/** What is wrong with it, in words that follow what it is called; null: nothing. */
export function timingProblem({ cron, zone }: CronTiming): string | null {
  const problem = cronProblem(cron);
  if (problem !== null) return problem;
  if (zone !== null && !isZone(zone)) return `has “${zone}” for its time zone, which nobody knows.`;
  try {
    return dueAfter({ cron, zone }, new Date()) === null ? 'is never due.' : null;
  } catch (failure) {
    return `cannot be read: ${(failure as Error).message}.`;
  }
}

/** The first time after this moment; null: there is none. */
export function dueAfter({ cron, zone }: CronTiming, moment: Date): Date | null {
  const timed = new Cron(cron.trim(), {
    mode: '5-part',
    paused: true,
    ...(zone !== null && { timezone: zone }),
  });
  return timed.nextRun(moment);
}

/** The first times after this moment, as many as there are. */
export function dueTimes(timing: CronTiming, moment: Date, most: number): Date[] {
  const times: Date[] = [];
  for (let last = dueAfter(timing, moment); last && times.length < most; last = dueAfter(timing, last)) {
    times.push(last);
  }
  return times;
}

function isZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).format() !== '';
  } catch {
    return false;
  }
}
