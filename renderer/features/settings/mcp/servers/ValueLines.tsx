import { useState } from 'react';
import type { Client } from '../../../../bridge/client.ts';
import { useAnswer } from '../../../../bridge/use-answer.ts';
import { Button } from '../../../../ui/Button.tsx';
import { TextInput } from '../../../../ui/Field.tsx';
import { Select } from '../../../../ui/Select.tsx';
import { SecretDialog } from '../../SecretDialog.tsx';
import { emptyLine, type ValueLine } from './server-form.ts';
import styles from './ValueLines.module.css';

const listSecrets = (client: Client, signal: AbortSignal) => client.secrets.list(undefined, { signal });

const ways = [
  { value: 'text' as const, label: 'is' },
  { value: 'secret' as const, label: 'is the secret' },
];

/** Names with their values, each as it is or as the name of a secret. */
export function ValueLines({
  legend,
  one,
  lines,
  wrong,
  hasPrefix = false,
  onChange,
}: {
  legend: string;
  /** What one of them is called. */
  one: string;
  lines: readonly ValueLine[];
  wrong: string | undefined;
  hasPrefix?: boolean;
  onChange: (lines: readonly ValueLine[]) => void;
}) {
  const secrets = useAnswer(listSecrets, ['secret.stored', 'secret.removed']);
  const [storing, setStoring] = useState(false);
  const names = secrets.value?.secrets.map(({ name }) => name) ?? [];
  const change = (at: number, part: Partial<ValueLine>) =>
    onChange(lines.map((line, index) => (index === at ? { ...line, ...part } : line)));
  return (
    <fieldset className={styles.values}>
      <legend>{legend}</legend>
      {lines.map((line, at) => (
        // Lines have no identity of their own: what is typed belongs to its place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className={styles.line}>
          <TextInput
            mono
            aria-label={`Name of ${one} ${at + 1}`}
            placeholder={hasPrefix ? 'Authorization' : 'NAME'}
            value={line.name}
            onChange={(event) => change(at, { name: event.target.value })}
          />
          <Select
            aria-label={`Where ${one} ${at + 1} is from`}
            value={line.from}
            options={ways}
            onChange={(from) =>
              change(at, { from, value: '', prefix: from === 'secret' && hasPrefix ? 'Bearer ' : '' })
            }
          />
          {line.from === 'text' ? (
            <TextInput
              mono
              aria-label={`Value of ${one} ${at + 1}`}
              value={line.value}
              onChange={(event) => change(at, { value: event.target.value })}
            />
          ) : (
            <SecretOf
              label={`${one} ${at + 1}`}
              line={line}
              names={names}
              hasPrefix={hasPrefix}
              onChange={(part) => change(at, part)}
            />
          )}
          <Button
            look="ghost"
            aria-label={`Remove ${one} ${at + 1}`}
            onClick={() => onChange(lines.filter((_, index) => index !== at))}
          >
            Remove
          </Button>
        </div>
      ))}
      {wrong && <p className={styles.wrong}>{wrong}</p>}
      <div>
        <Button look="ghost" onClick={() => onChange([...lines, emptyLine])}>
          Add a {one}
        </Button>
        {lines.some(({ from }) => from === 'secret') && (
          <Button look="ghost" onClick={() => setStoring(true)}>
            Store a secret…
          </Button>
        )}
      </div>
      <SecretDialog open={storing} name={null} onClose={() => setStoring(false)} />
    </fieldset>
  );
}

function SecretOf({
  label,
  line: { value, prefix },
  names,
  hasPrefix,
  onChange,
}: {
  label: string;
  line: ValueLine;
  names: readonly string[];
  hasPrefix: boolean;
  onChange: (part: Partial<ValueLine>) => void;
}) {
  return (
    <span className={styles.secret}>
      {hasPrefix && (
        <TextInput
          mono
          aria-label={`What stands before the secret of ${label}`}
          className={styles.prefix}
          value={prefix}
          onChange={(event) => onChange({ prefix: event.target.value })}
        />
      )}
      <Select
        aria-label={`Secret of ${label}`}
        value={value}
        options={[
          { value: '', label: names.length === 0 ? 'no secret is stored' : 'choose…' },
          ...names.map((name) => ({ value: name, label: name })),
        ]}
        onChange={(secret) => onChange({ value: secret })}
      />
    </span>
  );
}
