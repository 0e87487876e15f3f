import { levelOptions } from '../level-options.ts';
import { BudgetField } from '../BudgetField.tsx';
import { FolderLines } from '../FolderLines.tsx';
import { HostsField, ImageField, sandboxOptions } from '../PlaceFields.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './Launch.module.css';
import type { LaunchForm, ReadLaunch } from './launch-form.ts';

const approvals = [
  { value: 'beyond' as const, label: 'where it asks for more than this' },
  { value: 'always' as const, label: 'always' },
  { value: 'never' as const, label: 'never' },
];
const modes = [
  { value: 'auto' as const, label: 'as a short look at the goal says' },
  { value: 'plan' as const, label: 'by a plan of several parts' },
  { value: 'direct' as const, label: 'directly, by one agent' },
];

/** What the run may do at most, and how. Whatever a plan says, no part of it gets more. */
export function Limits({
  form,
  wrong,
  set,
}: {
  form: LaunchForm;
  wrong: ReadLaunch['wrong'];
  set: (change: Partial<LaunchForm>) => void;
}) {
  return (
    <div className={styles.limits} id="launch-limits">
      <FolderLines folders={form.folders} wrong={wrong.folders} onChange={(folders) => set({ folders })} />
      <div className={styles.pair}>
        <Field label="Sandbox">
          {(control) => (
            <Select
              {...control}
              value={form.sandbox}
              options={sandboxOptions}
              onChange={(sandbox) => set({ sandbox })}
            />
          )}
        </Field>
        {form.sandbox === 'container' && (
          <ImageField value={form.image} onChange={(image) => set({ image })} />
        )}
        <HostsField
          label="Network"
          hint="Hosts that it may connect to; empty: none."
          value={form.hosts}
          wrong={wrong.hosts}
          onChange={(hosts) => set({ hosts })}
        />
        <BudgetField value={form.budget} wrong={wrong.budget} onChange={(budget) => set({ budget })} />
        <Field label="Deadline" hint="From its start: 90s, 10m, 2h." wrong={wrong.deadline}>
          {(control) => (
            <TextInput
              {...control}
              value={form.deadline}
              onChange={(event) => set({ deadline: event.target.value })}
            />
          )}
        </Field>
        <Field label="Its agents ask you">
          {(control) => (
            <Select
              {...control}
              value={form.approvals}
              options={levelOptions}
              onChange={(level) => set({ approvals: level })}
            />
          )}
        </Field>
        <Field label="Its plan is shown before it starts">
          {(control) => (
            <Select
              {...control}
              value={form.approvePlan}
              options={approvals}
              onChange={(approvePlan) => set({ approvePlan })}
            />
          )}
        </Field>
        {form.kind === 'goal' && (
          <Field label="It is carried out">
            {(control) => (
              <Select {...control} value={form.mode} options={modes} onChange={(mode) => set({ mode })} />
            )}
          </Field>
        )}
      </div>
    </div>
  );
}
