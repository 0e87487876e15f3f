import type { SandboxKind } from '../../shared/session.ts';
import { Field, TextArea, TextInput } from '../ui/Field.tsx';
import styles from './PlaceFields.module.css';

/** Where something may run, in words. */
export const sandboxOptions: readonly { value: SandboxKind; label: string; detail: string }[] = [
  {
    value: 'namespace',
    label: 'This system, held in',
    detail: 'quick; your own programs, in namespaces',
  },
  { value: 'container', label: 'A container', detail: 'through Docker or Podman' },
];

/** The image of a container. */
export function ImageField({ value, onChange }: { value: string; onChange: (image: string) => void }) {
  return (
    <Field
      label="Image"
      hint="A name or digest that the engine knows. Empty: a small one made from this system."
    >
      {(control) => (
        <TextInput {...control} mono value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

/** The hosts that something may connect to. */
export function HostsField({
  label,
  hint,
  value,
  wrong,
  onChange,
}: {
  label: string;
  hint: string;
  value: string;
  wrong: string | undefined;
  onChange: (hosts: string) => void;
}) {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(control) => (
        <TextArea
          {...control}
          mono
          className={styles.hosts}
          rows={1}
          placeholder="example.org:443"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
