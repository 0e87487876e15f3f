import { useState } from 'react';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import styles from './NewTokenDialog.module.css';
import {
  emptyTokenForm,
  lifetimes,
  proceduresFor,
  type ReadTokenForm,
  readTokenForm,
  type TokenForm,
} from './token-form.ts';

const callers = [
  {
    value: 'client' as const,
    label: 'An outside program',
    detail: 'reads the whole record, changes nothing',
  },
  {
    value: 'operator' as const,
    label: 'You, elsewhere',
    detail: 'may do all that you may, also have commands run',
  },
  {
    value: 'models' as const,
    label: 'A program that asks models',
    detail: 'by the keys that Holdfast has, within its budgets; nothing else',
  },
];

/** Whether a form is complete does not depend on the time; when it is sent, the present counts. */
const anyTime = new Date(0);

/** Makes a token. Its value is told once, here, and is nowhere else afterwards. */
export function NewTokenDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { client } = useHouse();
  const [form, setForm] = useState<TokenForm>(emptyTokenForm);
  const [touched, setTouched] = useState(false);
  const read = readTokenForm(form, anyTime);
  const create = useTask((_signal) => {
    const { wish } = readTokenForm(form, new Date());
    return wish ? client.access.create(wish) : Promise.resolve(null);
  });
  const set = (change: Partial<TokenForm>) => {
    setTouched(true);
    setForm({ ...form, ...change });
  };
  const close = () => {
    create.reset();
    setForm(emptyTokenForm);
    setTouched(false);
    onClose();
  };
  return (
    <Dialog
      title={create.result ? 'Your new token' : 'New token'}
      words={
        create.result
          ? 'Copy it now: it is shown this once and kept nowhere.'
          : 'A token lets a program in, and says who it is.'
      }
      open={open}
      onClose={close}
      lead={
        !create.result && {
          label: 'Make the token',
          disabled: !read.wish,
          busy: create.busy,
          run: () => void create.run(),
        }
      }
    >
      {create.result ? (
        <CopyText block value={create.result.value} label="the token" />
      ) : (
        <>
          <Field label="Name" hint="So that you know it again." wrong={touched ? read.wrong.name : undefined}>
            {(control) => (
              <TextInput
                {...control}
                value={form.name}
                onChange={(event) => set({ name: event.target.value })}
                autoFocus
              />
            )}
          </Field>
          <Choice
            label="For whom"
            value={form.caller}
            options={callers}
            onChange={(caller) => set({ caller, procedures: new Set() })}
          />
          <Choice
            label="How long"
            value={form.lifetime}
            options={lifetimes}
            onChange={(lifetime) => set({ lifetime })}
          />
          {form.caller === 'models' ? (
            <Bounds form={form} onChange={set} wrong={read.wrong} />
          ) : (
            <Checkbox checked={form.limited} onChange={(limited) => set({ limited })}>
              Only what I name
            </Checkbox>
          )}
          {form.caller !== 'models' && form.limited && (
            <Procedures form={form} caller={form.caller} onChange={set} wrong={read.wrong.procedures} />
          )}
        </>
      )}
      <ProblemNote problem={create.problem} />
    </Dialog>
  );
}

function Bounds({
  form: { tokens, dollars },
  onChange,
  wrong,
}: {
  form: TokenForm;
  onChange: (change: Partial<TokenForm>) => void;
  wrong: ReadTokenForm['wrong'];
}) {
  return (
    <>
      <Field
        label="Tokens at most"
        hint="Sent and received; empty: as many as the house allows."
        wrong={wrong.tokens}
      >
        {(control) => (
          <TextInput
            {...control}
            value={tokens}
            onChange={(event) => onChange({ tokens: event.target.value })}
          />
        )}
      </Field>
      <Field label="Dollars at most" hint="Where the price of a model is known." wrong={wrong.dollars}>
        {(control) => (
          <TextInput
            {...control}
            value={dollars}
            onChange={(event) => onChange({ dollars: event.target.value })}
          />
        )}
      </Field>
      <p className={styles.where}>
        It speaks to <code>/models</code> on the port of this house: Messages, chat completions and Responses.
      </p>
    </>
  );
}

function Procedures({
  form,
  caller,
  onChange,
  wrong,
}: {
  form: TokenForm;
  caller: 'client' | 'operator';
  onChange: (change: Partial<TokenForm>) => void;
  wrong: string | undefined;
}) {
  const toggle = (name: string, chosen: boolean) => {
    const procedures = new Set(form.procedures);
    if (chosen) procedures.add(name);
    else procedures.delete(name);
    onChange({ procedures });
  };
  return (
    <fieldset className={styles.procedures}>
      <legend>It may</legend>
      {proceduresFor(caller).map(({ name, summary }) => (
        <Checkbox key={name} checked={form.procedures.has(name)} onChange={(chosen) => toggle(name, chosen)}>
          <span className={styles.procedure}>
            {summary} <code>{name}</code>
          </span>
        </Checkbox>
      ))}
      {wrong && <p className={styles.wrong}>{wrong}</p>}
    </fieldset>
  );
}
