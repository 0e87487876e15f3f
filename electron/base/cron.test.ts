import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cronProblem } from './cron-fields.ts';
import { dueAfter, timingProblem } from './cron.ts';
import { count } from './test-counts.ts';

const minute = 60_000;
const quarter = 15 * minute;

/** What a clock on a wall of the zone shows, asked of the system once each quarter of an hour: none changes within. */
function wallOf(zone: string): (moment: number) => Date {
  const known = new Map<number, number>();
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (moment) => {
    const start = Math.floor(moment / quarter) * quarter;
    let ahead = known.get(start);
    if (ahead === undefined) {
      const parts = new Map(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]));
      const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
      ahead = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute')) - start;
      known.set(start, ahead);
    }
    return new Date(moment + ahead);
  };
}

/** The numbers that a field means, written down one by one. */
function meant(written: string, from: number, to: number): Set<number> {
  const numbers = written.split(',').flatMap((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [first = from, last] = range === '*' ? [from, to] : range.split('-').map(Number);
    const end = last ?? (part.includes('/') ? to : first);
    return Array.from({ length: end - first + 1 }, (_, i) => first + i).filter(
      (_, i) => i % Number(step) === 0,
    );
  });
  return new Set(numbers);
}

/** Every time in a stretch, by looking at each of its minutes. */
function everyMinute(cron: string, zone: string, from: number, to: number): string[] {
  const [minutes, hours, days, months, weekdays] = cron.split(' ') as [
    string,
    string,
    string,
    string,
    string,
  ];
  const sets = [
    meant(minutes, 0, 59),
    meant(hours, 0, 23),
    meant(days, 1, 31),
    meant(months, 1, 12),
  ] as const;
  const week = new Set([...meant(weekdays, 0, 7)].map((day) => day % 7));
  const isDay = (wall: Date) => {
    const [byDate, byWeek] = [sets[2].has(wall.getUTCDate()), week.has(wall.getUTCDay())];
    // Where both are named either will do.
    return days === '*' || weekdays === '*' ? byDate && byWeek : byDate || byWeek;
  };
  const isDue = (wall: Date) =>
    sets[0].has(wall.getUTCMinutes()) &&
    sets[1].has(wall.getUTCHours()) &&
    sets[3].has(wall.getUTCMonth() + 1) &&
    isDay(wall);
  const isOne = (said: string, numbers: ReadonlySet<number>) => !/[*/]/.test(said) && numbers.size === 1;
  const isOneTime = isOne(minutes, sets[0]) && isOne(hours, sets[1]);
  const wallAt = wallOf(zone);
  const due: string[] = [];
  const shown = new Set<number>();
  let before = wallAt(from).getTime();
  for (let moment = from + minute; moment <= to; moment += minute) {
    const wall = wallAt(moment);
    // What the clock leaps over, and what it shows a second time, counts where one time of a day is meant.
    const leapt = isOneTime ? leap(before, wall.getTime()).some((each) => isDue(new Date(each))) : false;
    const again = isOneTime && shown.has(wall.getTime());
    if (leapt || (isDue(wall) && !again)) due.push(new Date(moment).toISOString());
    shown.add(wall.getTime());
    before = wall.getTime();
  }
  return due;
}

function leap(before: number, now: number): number[] {
  const missing = Math.max(0, (now - before) / minute - 1);
  return Array.from({ length: missing }, (_, i) => before + (i + 1) * minute);
}

function dueBetween(cron: string, zone: string, from: number, to: number): string[] {
  const due: string[] = [];
  let next = dueAfter({ cron, zone }, new Date(from));
  while (next && next.getTime() <= to) {
    due.push(next.toISOString());
    next = dueAfter({ cron, zone }, next);
  }
  return due;
}

const number = (from: number, to: number) => fc.integer({ min: from, max: to });
function field(from: number, to: number): fc.Arbitrary<string> {
  const range = fc
    .tuple(number(from, to), number(from, to))
    .map((ends) => ends.toSorted((a, b) => a - b).join('-'));
  const one = fc.oneof(number(from, to).map(String), range);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: number(from, to).map(String) },
    { weight: 1, arbitrary: number(2, 20).map((step) => `*/${step}`) },
    { weight: 1, arbitrary: fc.tuple(range, number(1, 9)).map(([all, step]) => `${all}/${step}`) },
    { weight: 2, arbitrary: fc.array(one, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')) },
  );
}
const day = fc.oneof({ weight: 3, arbitrary: fc.constant('*') }, { weight: 1, arbitrary: field(1, 28) });
const cron = fc
  .tuple(field(0, 59), field(0, 23), day, field(1, 12), field(0, 7))
  .map((fields) => fields.join(' '))
  .filter((fields) => cronProblem(fields) === null);

/** Days around which a zone sets its clocks, and one of none. */
const stretches = [
  ['Europe/Berlin', '2026-03-28T12:00Z'],
  ['Europe/Berlin', '2026-10-24T12:00Z'],
  ['America/New_York', '2026-03-07T18:00Z'],
  ['America/New_York', '2026-10-31T18:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T00:00Z'],
  ['Africa/Cairo', '2026-04-23T10:00Z'],
  ['Asia/Kathmandu', '2026-06-10T10:00Z'],
  ['UTC', '2028-02-28T10:00Z'],
] as const;

test('every schedule is due exactly when a clock on the wall says so, minute by minute, whenever clocks are set', () => {
  fc.assert(
    fc.property(cron, fc.constantFrom(...stretches), (fields, [zone, start]) => {
      const from = Date.parse(start);
      const to = from + 30 * 3_600_000;
      expect(dueBetween(fields, zone, from, to)).toEqual(everyMinute(fields, zone, from, to));
    }),
    { numRuns: count(100, 10_000) },
  );
});

test('one time of a day that clocks leap over is made up for at once, and one that they show twice begins once', () => {
  const night = (start: string) => {
    const from = Date.parse(start);
    return dueBetween('30 2 * * *', 'Europe/Berlin', from, from + 24 * 3_600_000);
  };
  expect(night('2026-03-28T12:00Z')).toEqual(['2026-03-29T01:00:00.000Z']);
  expect(night('2026-10-24T12:00Z')).toEqual(['2026-10-25T00:30:00.000Z']);
});

test('whatever stands in five fields is either due or said to be wrong', () => {
  const part = fc.stringMatching(/^[0-9*,/#?+LWa-c-]{1,6}$/);
  const any = fc.tuple(part, part, part, part, part).map((fields) => fields.join(' '));
  const odd = fc.constantFrom('5/15 * * * *', '* * L * *', '* * * * 5#2', '0 0 * JAN sun', '* * * * fri-7');
  fc.assert(
    fc.property(fc.oneof(any, odd), (text) => {
      const problem = timingProblem({ cron: text, zone: null });
      expect(problem ?? dueAfter({ cron: text, zone: null }, new Date())).not.toBeNull();
      expect(problem ?? '').not.toContain('cannot be read');
    }),
    { numRuns: count(300, 20_000) },
  );
});

test('what is never due and what is no zone is said', () => {
  expect(timingProblem({ cron: '0 0 30 2 *', zone: null })).toBe('is never due.');
  expect(timingProblem({ cron: '0 0 29 2 *', zone: 'UTC' })).toBeNull();
  expect(timingProblem({ cron: '0 0 1 */13 *', zone: null })).toContain('“*/13” for the month');
  expect(timingProblem({ cron: '0 0 * * *', zone: 'Mars/Olympus' })).toContain('Mars/Olympus');
});
