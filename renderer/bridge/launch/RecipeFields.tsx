import type { Parameter } from '../../../shared/plan.ts';
import type { RecipeFile } from '../../../shared/recipe.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Field, TextArea, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './Launch.module.css';
import type { LaunchForm, Typed } from './launch-form.ts';
import { typedOf } from './recipe-params.ts';

export interface WrongParam {
  parameter: string | null;
  message: string;
}

/** One field for each parameter of a recipe, by its type. */
export function RecipeFields({
  recipe,
  params,
  wrong,
  onChange,
}: {
  recipe: RecipeFile;
  params: LaunchForm['params'];
  wrong: readonly WrongParam[];
  onChange: (params: LaunchForm['params']) => void;
}) {
  const entries = Object.entries(recipe.parameters);
  if (entries.length === 0) return null;
  return (
    <div className={styles.fields}>
      {entries.map(([name, parameter]) => {
        const touched = params[name] !== undefined;
        return (
          <ParameterField
            key={name}
            name={name}
            parameter={parameter}
            value={params[name] ?? typedOf(parameter, parameter.default)}
            wrong={touched ? wrong.find((one) => one.parameter === name)?.message : undefined}
            onChange={(value) => onChange({ ...params, [name]: value })}
          />
        );
      })}
    </div>
  );
}

function ParameterField({
  name,
  parameter,
  value,
  wrong,
  onChange,
}: {
  name: string;
  parameter: Parameter;
  value: Typed;
  wrong: string | undefined;
  onChange: (value: Typed) => void;
}) {
  const { type, required, description, choices = [], example } = parameter;
  const label = `${labelOf(name)}${required ? '' : ' (optional)'}`;
  if (type === 'boolean') {
    return (
      <Checkbox checked={value === true} onChange={onChange}>
        {description || labelOf(name)}
      </Checkbox>
    );
  }
  const told = description === '' || /[.!?]$/.test(description) ? description : `${description}.`;
  const hint = [told, type === 'string_list' ? 'One on a line.' : ''].filter(Boolean).join(' ');
  const text = String(value);
  return (
    <Field label={label} hint={hint || undefined} wrong={wrong}>
      {(control) => {
        const shared = {
          ...control,
          required,
          value: text,
          placeholder: exampleOf(type, example),
        };
        if (type === 'choice') {
          const options = [
            ...(required ? [] : [{ value: '', label: '—' }]),
            ...choices.map((choice) => ({ value: choice, label: choice })),
          ];
          return <Select {...control} value={text} options={options} onChange={onChange} />;
        }
        if (type === 'text' || type === 'string_list') {
          return <TextArea {...shared} rows={2} onChange={(event) => onChange(event.target.value)} />;
        }
        return (
          <TextInput
            {...shared}
            mono={type === 'path'}
            inputMode={type === 'number' ? 'decimal' : 'text'}
            onChange={(event) => onChange(event.target.value)}
          />
        );
      }}
    </Field>
  );
}

const labelOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

/** An example of a list is written as its file has it; here it stands one entry a line. */
function exampleOf(type: Parameter['type'], example: string | undefined): string | undefined {
  if (example === undefined || type !== 'string_list') return example;
  try {
    const read: unknown = JSON.parse(example);
    return Array.isArray(read) ? read.map(String).join('\n') : example;
  } catch {
    return example;
  }
}
