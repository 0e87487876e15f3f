import { Field, TextInput } from '../ui/Field.tsx';

/** What something may spend, as budget-words.ts reads it. */
export function BudgetField({
  hint = 'Such as $2.50 or 500k tokens.',
  value,
  wrong,
  onChange,
}: {
  hint?: string;
  value: string;
  wrong: string | undefined;
  onChange: (budget: string) => void;
}) {
  return (
    <Field label="Budget" hint={hint} wrong={wrong}>
      {(control) => (
        <TextInput {...control} value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}
