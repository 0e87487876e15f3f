import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { classes } from './classes.ts';
import styles from './Dialog.module.css';

export interface DialogProps {
  title: string;
  words?: ReactNode;
  open: boolean;
  onClose: () => void;
  wide?: boolean;
  children?: ReactNode;
  /** The choices, the leading one last. */
  actions?: ReactNode;
}

/** A question or a task that stands before everything else until it is answered. */
export function Dialog({ title, words, open, onClose, wide = false, children, actions }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.veil} />
        <Base.Popup className={classes(styles.popup, wide && styles.wide)}>
          <Base.Title className={styles.title}>{title}</Base.Title>
          {words && <Base.Description className={styles.words}>{words}</Base.Description>}
          {children && <div className={styles.body}>{children}</div>}
          <div className={styles.actions}>
            <Base.Close
              render={
                <Button look="ghost" keys="escape">
                  Close
                </Button>
              }
            />
            {actions}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
