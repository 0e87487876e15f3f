import { Dialog as Base } from '@base-ui/react/dialog';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Button } from './Button.tsx';
import { classes } from './classes.ts';
import styles from './Dialog.module.css';

/** What the dialog is for. Enter does it; what cannot be undone (`danger`) wants Ctrl or ⌘ with it. */
export interface Lead {
  label: string;
  run: () => void;
  disabled?: boolean;
  busy?: boolean;
  danger?: boolean;
}

export interface DialogProps {
  title: string;
  words?: ReactNode;
  open: boolean;
  onClose: () => void;
  wide?: boolean;
  /** For what has much to say: it takes nearly the whole height. */
  tall?: boolean;
  children?: ReactNode;
  /** Seen whatever is scrolled above it. */
  foot?: ReactNode;
  lead?: Lead | null | false;
}

/** Whatever does something of its own with Enter. */
const takesEnter =
  'a, button, input, select, summary, textarea, [role="button"], [role="radio"], [role="checkbox"], [role="option"]';

/** A question or a task that stands before everything else until it is answered. */
export function Dialog({
  title,
  words,
  open,
  onClose,
  wide = false,
  tall = false,
  children,
  foot,
  lead,
}: DialogProps) {
  const act = () => {
    if (lead && !lead.disabled && !lead.busy) lead.run();
  };
  const close = useRef<HTMLButtonElement>(null);
  const busy = lead ? lead.busy === true : false;
  // A button that works is disabled and loses the focus, and with it the dialog's keys.
  useEffect(() => {
    if (open && !busy && document.activeElement === document.body) close.current?.focus();
  }, [open, busy]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    const isForced = event.ctrlKey || event.metaKey;
    // What is only read, such as a text that scrolls, has no use for the key of its own.
    const isFree = event.target instanceof Element && event.target.closest(takesEnter) === null;
    if (!isForced && !(isFree && lead && !lead.danger)) return;
    event.preventDefault();
    act();
  };
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={styles.veil} />
        <Base.Popup
          className={classes(styles.popup, wide && styles.wide, tall && styles.tall)}
          onKeyDown={onKeyDown}
        >
          <Base.Title className={styles.title}>{title}</Base.Title>
          {words && <Base.Description className={styles.words}>{words}</Base.Description>}
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (lead && !lead.danger) act();
            }}
          >
            {children && <div className={styles.body}>{children}</div>}
            {foot}
            <div className={styles.actions}>
              <Base.Close
                ref={close}
                render={
                  <Button look="ghost" keys="escape">
                    Close
                  </Button>
                }
              />
              {lead && <LeadButton lead={lead} act={act} />}
            </div>
          </form>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function LeadButton({ lead, act }: { lead: Lead; act: () => void }) {
  const { label, disabled = false, busy = false, danger = false } = lead;
  return (
    <Button
      type={danger ? 'button' : 'submit'}
      look={danger ? 'danger' : 'lead'}
      keys={danger ? 'mod enter' : 'enter'}
      disabled={disabled}
      busy={busy}
      onClick={danger ? act : undefined}
    >
      {label}
    </Button>
  );
}
