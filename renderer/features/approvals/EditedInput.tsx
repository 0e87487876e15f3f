import { readObject } from '../../bridge/json-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Field, TextArea } from '../../ui/Field.tsx';
import styles from './EditedInput.module.css';

/** What the call would be given instead. Both are on the record, and the rules look at what you wrote. */
export function EditedInput({
  text,
  onChange,
  onClose,
}: {
  text: string;
  onChange: (text: string) => void;
  onClose: () => void;
}) {
  const read = readObject(text);
  return (
    <div className={styles.edited}>
      <Field
        label="What it is given instead"
        hint="Your change is on the record, and the agent is told of it."
        wrong={'wrong' in read ? read.wrong : undefined}
      >
        {(control) => (
          <TextArea
            {...control}
            className={styles.text}
            autoFocus
            rows={6}
            spellCheck={false}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button look="ghost" onClick={onClose}>
          Leave it as it was
        </Button>
      </div>
    </div>
  );
}
