import type { ComponentProps, ReactNode } from 'react';
import styles from './Button.module.css';
import { classes } from './classes.ts';
import { Kbd } from './Kbd.tsx';

export type ButtonLook = 'plain' | 'lead' | 'ghost' | 'danger';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  children: ReactNode;
  look?: ButtonLook;
  /** Shown beside the label; whoever owns the screen listens for it. */
  keys?: string | undefined;
  busy?: boolean;
}

export function Button({
  children,
  look = 'plain',
  keys,
  busy = false,
  className,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={classes(styles.button, styles[look], className)}
      disabled={busy ? true : disabled}
      aria-busy={busy ? true : undefined}
      aria-keyshortcuts={keys ? ariaKeys(keys) : undefined}
      {...rest}
    >
      {children}
      {keys && <Kbd keys={keys} inherit={look === 'lead'} />}
    </button>
  );
}

/** ARIA wants `Control+Enter` where people see `Ctrl ↵`. */
function ariaKeys(keys: string): string {
  return keys
    .split(' ')
    .map((key) => ({ mod: 'Control', enter: 'Enter' })[key] ?? key)
    .join('+');
}
