import { useState } from 'react';
import type { Agent } from '../../../shared/agent.ts';
import { levelOptions } from '../../bridge/level-options.ts';
import { sandboxOptions } from '../../bridge/PlaceFields.tsx';
import { ProblemList } from '../../bridge/ProblemList.tsx';
import { Field, TextArea, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './AgentForm.module.css';
import { fieldsOf, type FormField, type FormValue, valueOf } from './agent-form.ts';
import { modeWords } from './agent-words.ts';
import { CommandForm } from './CommandForm.tsx';
import type { Draft } from './use-draft.ts';

const modes = (['review', 'ro', 'rw'] as const).map((value) => ({ value, label: `It ${modeWords[value]}` }));

/** The same file as fields. Each change is made in its text, where the other lines stay as they are. */
export function AgentForm({ draft }: { draft: Draft }) {
  const { agent, problems } = draft.checked;
  if (!agent) {
    return (
      <>
        <p className={styles.soft}>
          The form can be used when the file is without a problem. Mend it under File.
        </p>
        <ProblemList problems={problems} />
      </>
    );
  }
  return (
    <div className={styles.form}>
      {fieldsOf(agent).map((field) => (
        <TextField key={`${field.field} ${field.value}`} field={field} onSet={draft.set} />
      ))}
      {agent.command ? (
        <CommandForm command={agent.command} draft={draft} />
      ) : (
        <ModelForm agent={agent} draft={draft} />
      )}
      <Field label="It works in">
        {(control) => (
          <Select
            {...control}
            value={agent.sandbox.kind}
            options={sandboxOptions}
            onChange={(kind) => draft.set('sandbox.kind', kind)}
          />
        )}
      </Field>
    </div>
  );
}

/** How it works with what it is given. */
function ModelForm({ agent, draft }: { agent: Agent; draft: Draft }) {
  return (
    <>
      <Field label="Its folder">
        {(control) => (
          <Select
            {...control}
            value={agent.folderMode}
            options={modes}
            onChange={(mode) => draft.set('folder_mode', mode)}
          />
        )}
      </Field>
      <Field label="It asks">
        {(control) => (
          <Select
            {...control}
            value={agent.approvals}
            options={levelOptions}
            onChange={(level) => draft.set('approvals', level)}
          />
        )}
      </Field>
    </>
  );
}

/** Written into the file when it is left, or with Enter where it is one line. */
function TextField({ field, onSet }: { field: FormField; onSet: (field: string, value: FormValue) => void }) {
  const [text, setText] = useState(field.value);
  const read = valueOf(field, text);
  const leave = () => {
    if (text !== field.value && !('wrong' in read)) onSet(field.field, read.value);
  };
  return (
    <Field label={field.label} hint={field.hint} wrong={'wrong' in read ? read.wrong : undefined}>
      {(control) =>
        field.kind === 'text' || field.kind === 'lines' ? (
          <TextArea
            {...control}
            rows={field.kind === 'text' ? 8 : 3}
            className={styles.mono}
            spellCheck={field.kind === 'text'}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={leave}
          />
        ) : (
          <TextInput
            {...control}
            mono={field.kind !== 'words'}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={leave}
            onKeyDown={(event) => event.key === 'Enter' && leave()}
          />
        )
      }
    </Field>
  );
}
