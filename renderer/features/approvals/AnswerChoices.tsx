import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { Card } from '../../ui/Card.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import styles from './AnswerChoices.module.css';

export interface AnswerChoice<Value extends string> {
  readonly value: Value;
  readonly keys: string;
  readonly label: string;
  readonly detail: string;
  /** What it would be exactly. */
  readonly code?: string;
}

/** What can be said, each with its consequence and its key. */
export function AnswerChoices<Value extends string>({
  value,
  choices,
  onChange,
}: {
  value: Value;
  choices: readonly AnswerChoice<Value>[];
  onChange: (value: Value) => void;
}) {
  return (
    <Card>
      <RadioGroup
        aria-label="Your answer"
        className={styles.group}
        value={value}
        onValueChange={(next) => {
          const chosen = choices.find((choice) => choice.value === next);
          if (chosen) onChange(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <label key={choice.value} className={styles.choice}>
            <Radio.Root value={choice.value} className={styles.radio} />
            <span>
              {choice.label} {choice.code && <code>{choice.code}</code>}
              <span className={styles.detail}>{choice.detail}</span>
            </span>
            <Kbd keys={choice.keys} />
          </label>
        ))}
      </RadioGroup>
    </Card>
  );
}
