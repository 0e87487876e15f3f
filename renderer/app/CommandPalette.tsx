import { Dialog } from '@base-ui/react/dialog';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Command } from '../ui/command.ts';
import { Kbd } from '../ui/Kbd.tsx';
import styles from './CommandPalette.module.css';
import { fuzzyFilter } from './fuzzy.ts';

const searched = ({ title, group, also = '' }: Command) => ({ title, also: `${also} ${group}` });

/** A few letters reach everything. */
export function CommandPalette({
  open,
  commands,
  onClose,
}: {
  open: boolean;
  commands: readonly Command[];
  onClose: () => void;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.veil} />
        <Dialog.Popup className={styles.popup} aria-label="Command palette">
          <Choices commands={commands} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Choices({ commands, onClose }: { commands: readonly Command[]; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const found = useMemo(() => fuzzyFilter(typed, commands, searched), [typed, commands]);
  const active = Math.min(at, found.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active, found]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (move) setAt(Math.max(0, Math.min(found.length - 1, active + move)));
    else if (event.key === 'Enter') run(found[active]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <input
        className={styles.input}
        role="combobox"
        aria-label="What to do"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[active] && `palette-${found[active].id}`}
        placeholder="What to do"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        autoFocus
      />
      <ul ref={list} id="palette-list" role="listbox" aria-label="Commands" className={styles.list}>
        {found.map((command, index) => (
          <li
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={index === active}
            className={styles.option}
            onPointerMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            {command.title}
            <span className={styles.group}>{command.group}</span>
            {command.keys && <Kbd keys={command.keys} />}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={styles.none}>Nothing here is called that.</p>}
    </>
  );
}
