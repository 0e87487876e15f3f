import { useState } from 'react';
import type { ToolPolicy } from '../../../../../shared/tool-server.ts';
import { readObject } from '../../../../bridge/json-text.ts';
import { Checkbox } from '../../../../ui/Checkbox.tsx';
import { Choice } from '../../../../ui/Choice.tsx';
import { Field, TextArea } from '../../../../ui/Field.tsx';
import styles from './ServerPage.module.css';
import type { FieldChange } from './use-server-draft.ts';

const levels = [
  { value: 'usual' as const, label: 'As usual', detail: 'as its agent’s level and your rules say' },
  { value: 'ask' as const, label: 'Always ask me' },
  { value: 'deny' as const, label: 'Never' },
];

/** When a tool may be called, and with which arguments. Each change goes into the declaration. */
export function PolicyForm({
  policy,
  onSet,
}: {
  policy: ToolPolicy;
  onSet: (part: keyof ToolPolicy, value: FieldChange['value']) => void;
}) {
  const kept = policy.arguments === null ? '' : JSON.stringify(policy.arguments, null, 2);
  const [text, setText] = useState(kept);
  const read = text.trim() === '' ? { input: null } : readObject(text);
  const leave = () => {
    if (text !== kept && 'input' in read) onSet('arguments', read.input as FieldChange['value']);
  };
  return (
    <div className={styles.form}>
      <Choice
        label="It may be called"
        value={policy.level}
        options={levels}
        onChange={(level) => onSet('level', level)}
      />
      <Field
        label="Its arguments must fit"
        hint={
          <>
            A JSON Schema for each, as in <code>{'{ "path": { "pattern": "^/home/" } }'}</code>. Empty: what
            the tool itself asks.
          </>
        }
        wrong={'wrong' in read ? read.wrong : undefined}
      >
        {(control) => (
          <TextArea
            {...control}
            mono
            rows={2}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={leave}
          />
        )}
      </Field>
      <Checkbox checked={policy.repeatable} onChange={(isRepeatable) => onSet('repeatable', isRepeatable)}>
        Calling it again changes nothing more, so it may be repeated after a crash
      </Checkbox>
    </div>
  );
}
