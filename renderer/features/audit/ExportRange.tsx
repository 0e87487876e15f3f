import { useState } from 'react';
import { Field, TextInput } from '../../ui/Field.tsx';
import { countOf } from '../../ui/words.ts';
import styles from './ExportDialog.module.css';

export interface Range {
  from: number;
  to: number;
}

/** Two event numbers, checked while they are typed. */
export function ExportRange({
  size,
  range,
  onRange,
}: {
  size: number;
  range: Range | null;
  onRange: (range: Range | null) => void;
}) {
  const [from, setFrom] = useState(String(range?.from ?? 0));
  const [to, setTo] = useState(String(range?.to ?? Math.max(0, size - 1)));
  const wrong = { from: wrongNumber(from, size), to: wrongNumber(to, size) };
  const turned =
    !wrong.from && !wrong.to && Number(from) > Number(to)
      ? 'The last event lies before the first.'
      : undefined;
  const change = (nextFrom: string, nextTo: string) => {
    setFrom(nextFrom);
    setTo(nextTo);
    const good =
      !wrongNumber(nextFrom, size) && !wrongNumber(nextTo, size) && Number(nextFrom) <= Number(nextTo);
    onRange(good ? { from: Number(nextFrom), to: Number(nextTo) } : null);
  };
  return (
    <div className={styles.range}>
      <Field label="First event" wrong={wrong.from}>
        {(control) => (
          <TextInput
            {...control}
            inputMode="numeric"
            value={from}
            onChange={(event) => change(event.target.value.trim(), to)}
          />
        )}
      </Field>
      <Field label="Last event" wrong={wrong.to ?? turned}>
        {(control) => (
          <TextInput
            {...control}
            inputMode="numeric"
            value={to}
            onChange={(event) => change(from, event.target.value.trim())}
          />
        )}
      </Field>
    </div>
  );
}

function wrongNumber(text: string, size: number): string | undefined {
  if (!/^\d{1,15}$/.test(text)) return 'Write the number of an event.';
  return Number(text) < size ? undefined : `The last event is ${countOf(Math.max(0, size - 1))}.`;
}
