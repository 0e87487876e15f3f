import { useEffect } from 'react';
import type { Timing } from '../../../shared/schedule.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { useRested } from '../../ui/use-rested.ts';
import { NextTimes } from './NextTimes.tsx';
import styles from './ObjectiveSheet.module.css';
import { dayNames, days, type TimingForm, timingOf } from './timing-form.ts';

const kinds = [
  { value: 'hourly' as const, label: 'Every hour' },
  { value: 'daily' as const, label: 'Every day' },
  { value: 'weekdays' as const, label: 'On weekdays' },
  { value: 'weekly' as const, label: 'Every week' },
  { value: 'cron' as const, label: 'By five fields' },
];
const dayOptions = days.map((day) => ({ value: day, label: dayNames[day] }));

/** What is answered to a schedule: when it would be due, or what is wrong with it. */
export interface Looked {
  readonly next: readonly string[];
  readonly problem: string | null;
}

/** The next times of a schedule, asked for once it rests; null while they are not known. */
export function useTimes(timing: Timing | null): {
  looked: Looked | null;
  problem: Parameters<typeof ProblemNote>[0]['problem'];
} {
  const { client } = useHouse();
  const question = JSON.stringify(timing);
  const rested = useRested(question);
  const { run, result, problem } = useTask(async (signal, asked: string) => ({
    asked,
    ...(await client.objectives.times({ timing: JSON.parse(asked) as Timing }, { signal })),
  }));
  useEffect(() => {
    if (rested !== 'null') void run(rested);
  }, [rested, run]);
  return { looked: result?.asked === question ? result : null, problem };
}

/** When it begins: a simple choice, or the five fields; the next times are seen at once. */
export function When({
  form,
  times: { looked, problem },
  set,
}: {
  form: TimingForm;
  times: ReturnType<typeof useTimes>;
  set: (change: Partial<TimingForm>) => void;
}) {
  const wrong = looked?.problem ?? undefined;
  const wrongZone = wrong?.includes('time zone') === true;
  return (
    <>
      <div className={styles.when}>
        <Field label="It begins">
          {(control) => (
            <Select
              {...control}
              value={form.kind}
              options={kinds}
              onChange={(kind) =>
                set(kind === 'cron' ? { kind, cron: timingOf(form)?.cron ?? form.cron } : { kind })
              }
            />
          )}
        </Field>
        {form.kind === 'weekly' && (
          <Field label="On">
            {(control) => (
              <Select {...control} value={form.day} options={dayOptions} onChange={(day) => set({ day })} />
            )}
          </Field>
        )}
        {form.kind === 'hourly' && (
          <Field label="Minutes past the hour" wrong={timingOf(form) === null ? 'From 0 to 59.' : undefined}>
            {(control) => (
              <TextInput
                {...control}
                inputMode="numeric"
                value={form.minute}
                onChange={(event) => set({ minute: event.target.value })}
              />
            )}
          </Field>
        )}
        {form.kind === 'cron' && (
          <Field
            label="Minute, hour, day, month, weekday"
            hint="“30 7 * * 1-5” is half past seven on weekdays."
            wrong={wrongZone ? undefined : wrong}
          >
            {(control) => (
              <TextInput
                {...control}
                mono
                value={form.cron}
                onChange={(event) => set({ cron: event.target.value })}
              />
            )}
          </Field>
        )}
        {form.kind !== 'cron' && form.kind !== 'hourly' && (
          <Field label="At" wrong={timingOf(form) === null ? 'Such as 07:30.' : undefined}>
            {(control) => (
              <TextInput
                {...control}
                mono
                placeholder="07:30"
                value={form.time}
                onChange={(event) => set({ time: event.target.value })}
              />
            )}
          </Field>
        )}
        <Field label="Time zone" wrong={wrongZone ? wrong : undefined}>
          {(control) => (
            <>
              <TextInput
                {...control}
                list="time-zones"
                placeholder="this machine’s"
                value={form.zone}
                onChange={(event) => set({ zone: event.target.value })}
              />
              <datalist id="time-zones">
                {Intl.supportedValuesOf('timeZone').map((zone) => (
                  <option key={zone} value={zone} aria-label={zone} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      </div>
      <ProblemNote problem={problem} />
      {looked && looked.next.length > 0 && (
        <NextTimes times={looked.next} zone={timingOf(form)?.zone ?? null} />
      )}
    </>
  );
}
