import { Checkbox as Base } from '@base-ui/react/checkbox';
import type { ReactNode } from 'react';
import styles from './Checkbox.module.css';

export interface CheckboxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Seen beside the box, or only told when `label` is given instead. */
  children?: ReactNode;
  label?: string;
  disabled?: boolean;
}

export function Checkbox({ checked, onChange, children, label, disabled = false }: CheckboxProps) {
  return (
    <label className={styles.label}>
      <Base.Root
        className={styles.box}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-label={label}
      >
        <Base.Indicator className={styles.tick}>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <path d="m2 5.2 2 2 4-4.4" />
          </svg>
        </Base.Indicator>
      </Base.Root>
      {children}
    </label>
  );
}
