import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes.ts';
import styles from './Field.module.css';

export interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** What is wrong with the value, in a sentence; empty while it is fine or untouched. */
  wrong?: string | undefined;
  children: (control: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
  }) => ReactNode;
}

/** A label, a control, and one line that is either the hint or what is wrong. */
export function Field({ label, hint, wrong, children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  const noted = hint !== undefined || wrong !== undefined;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': noted ? note : undefined,
        'aria-invalid': wrong ? true : undefined,
      })}
      {noted && (
        <div id={note} className={classes(styles.note, wrong && styles.wrong)} aria-live="polite">
          {wrong ?? hint}
        </div>
      )}
    </div>
  );
}

export function TextInput({
  className,
  mono = false,
  ...rest
}: ComponentProps<'input'> & { mono?: boolean }) {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      className={classes(styles.input, mono && styles.mono, className)}
      {...rest}
    />
  );
}

export function TextArea({
  className,
  mono = false,
  ...rest
}: ComponentProps<'textarea'> & { mono?: boolean }) {
  return (
    <textarea
      className={classes(styles.input, styles.area, mono && styles.mono, className)}
      {...(mono && { spellCheck: false })}
      {...rest}
    />
  );
}
