import { Checkbox } from '../../ui/Checkbox.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './ObjectiveSheet.module.css';
import type { ReadRules, RulesForm } from './rules-form.ts';

const overlaps = [
  { value: 'allow' as const, label: 'it begins beside it' },
  { value: 'skip' as const, label: 'this time is left out' },
  { value: 'queue' as const, label: 'it waits for its end' },
];
const missed = [
  { value: 'none' as const, label: 'are left out' },
  { value: 'once' as const, label: 'are made up for once' },
];
const asks = [
  { value: 'wait' as const, label: 'waits for your answer' },
  { value: 'deny' as const, label: 'is denied' },
];

/** By which rules it begins. */
export function Rules({
  form,
  wrong,
  isRun,
  set,
}: {
  form: RulesForm;
  wrong: ReadRules['wrong'];
  /** Only parts of runs ask anybody. */
  isRun: boolean;
  set: (change: Partial<RulesForm>) => void;
}) {
  return (
    <>
      <div className={styles.pair}>
        <Field label="Where the one before still runs">
          {(control) => (
            <Select
              {...control}
              value={form.overlap}
              options={overlaps}
              onChange={(overlap) => set({ overlap })}
            />
          )}
        </Field>
        <Field label="Times at which Holdfast did not run">
          {(control) => (
            <Select
              {...control}
              value={form.catchUp}
              options={missed}
              onChange={(catchUp) => set({ catchUp })}
            />
          )}
        </Field>
        {isRun && (
          <Field label="What would ask you">
            {(control) => (
              <Select
                {...control}
                value={form.unattended}
                options={asks}
                onChange={(unattended) => set({ unattended })}
              />
            )}
          </Field>
        )}
        <Field label="Later by chance" hint="Up to so much, such as 5m; empty: at once." wrong={wrong.jitter}>
          {(control) => (
            <TextInput
              {...control}
              value={form.jitter}
              onChange={(event) => set({ jitter: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Failures in a row that pause it"
          hint="Empty: it goes on however often it fails."
          wrong={wrong.pauseAfter}
        >
          {(control) => (
            <TextInput
              {...control}
              inputMode="numeric"
              value={form.pauseAfter}
              onChange={(event) => set({ pauseAfter: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Checkbox checked={form.backOff} onChange={(backOff) => set({ backOff })}>
        After failures it is left out for longer each time
      </Checkbox>
    </>
  );
}
