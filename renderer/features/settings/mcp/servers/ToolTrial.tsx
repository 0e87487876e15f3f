import { useState } from 'react';
import type { ServerTool } from '../../../../../shared/tool-server.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { readObject } from '../../../../bridge/json-text.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { Button } from '../../../../ui/Button.tsx';
import { Checkbox } from '../../../../ui/Checkbox.tsx';
import { Dot } from '../../../../ui/Dot.tsx';
import { Field, TextArea, TextInput } from '../../../../ui/Field.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { Tabs } from '../../../../ui/Tabs.tsx';
import { TextBlock } from '../../../../ui/TextBlock.tsx';
import { countOf } from '../../../../ui/words.ts';
import { fieldsOf, type InputField, inputOf, type TypedInput } from './schema-form.ts';
import styles from './ServerPage.module.css';

const ways = [
  { value: 'form' as const, label: 'Form' },
  { value: 'json' as const, label: 'JSON' },
];

/** Calls a tool as a person, to see what it does. */
export function ToolTrial({ server, tool: { name, input } }: { server: string; tool: ServerTool }) {
  const { client } = useHouse();
  const fields = fieldsOf(input);
  const [way, setWay] = useState<'form' | 'json'>(fields ? 'form' : 'json');
  const [typed, setTyped] = useState<TypedInput>({});
  const [json, setJson] = useState('{}');
  const [asked, setAsked] = useState(false);
  const isForm = way === 'form' && fields !== null;
  const read = isForm ? inputOf(fields, typed) : readObject(json);
  const call = useTask((_signal, given: Record<string, unknown>) =>
    client.toolServers.call({ server, tool: name, input: given }),
  );
  return (
    <section aria-label={`Try ${name}`}>
      <h3>Try it</h3>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if ('input' in read) void call.run(read.input);
        }}
      >
        {fields !== null && fields.length > 0 && (
          <Tabs label="How it is asked for" shown={way} tabs={ways} onShow={setWay} />
        )}
        {isForm ? (
          fields.map((field) => (
            <FieldOf
              key={field.name}
              field={field}
              value={typed[field.name]}
              wrong={
                asked && 'wrong' in read && typeof read.wrong === 'object'
                  ? read.wrong[field.name]
                  : undefined
              }
              onChange={(value) => setTyped((before) => ({ ...before, [field.name]: value }))}
            />
          ))
        ) : (
          <Field
            label="What it is given"
            wrong={'wrong' in read && typeof read.wrong === 'string' ? read.wrong : undefined}
          >
            {(control) => (
              <TextArea
                {...control}
                mono
                rows={3}
                value={json}
                onChange={(event) => setJson(event.target.value)}
              />
            )}
          </Field>
        )}
        <div className={styles.buttons}>
          <Button type="submit" busy={call.busy}>
            Call it
          </Button>
          <span className={styles.said}>It is really called, and the call is on the record.</span>
        </div>
      </form>
      <ProblemNote problem={call.problem} />
      {call.result && (
        <div className={styles.answer}>
          <p className={styles.standing} role="status">
            <Dot tone={call.result.ok ? 'good' : 'refused'} />
            {call.result.ok ? 'It answered' : 'It failed'} after{' '}
            {countOf(Math.round(call.result.milliseconds))} ms:
          </p>
          <TextBlock label="What it answered">{call.result.text}</TextBlock>
        </div>
      )}
    </section>
  );
}

function FieldOf({
  field: { name, kind, required, hint, choices, placeholder },
  value,
  wrong,
  onChange,
}: {
  field: InputField;
  value: string | boolean | undefined;
  wrong: string | undefined;
  onChange: (value: string | boolean) => void;
}) {
  const label = `${name}${required ? '' : ' (optional)'}`;
  if (kind === 'boolean') {
    return (
      <Checkbox checked={value === true} onChange={onChange}>
        {label}
      </Checkbox>
    );
  }
  const text = typeof value === 'string' ? value : '';
  return (
    <Field label={label} hint={hint === '' ? undefined : hint} wrong={wrong}>
      {(control) =>
        kind === 'choice' ? (
          <Select
            {...control}
            value={text}
            options={['', ...choices].map((each) => ({ value: each, label: each === '' ? '–' : each }))}
            onChange={onChange}
          />
        ) : (
          <TextInput
            {...control}
            placeholder={placeholder}
            inputMode={kind === 'number' ? 'decimal' : 'text'}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}
