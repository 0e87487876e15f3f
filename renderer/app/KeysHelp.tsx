import { Dialog } from '../ui/Dialog.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { byPrecedence, type Shortcut, useShortcutList } from '../ui/shortcuts.ts';
import styles from './KeysHelp.module.css';

/** Every key that does something right now, told by whoever listens for it. */
export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const groups = withoutHidden(useShortcutList((state) => state.groups));
  return (
    <Dialog title="Keys" open={open} onClose={onClose}>
      {/* Longer than a small window: it is scrolled by keys too. */}
      <div tabIndex={0} role="group" aria-label="All keys" className={styles.all}>
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl className={styles.keys}>
              {shortcuts.map(({ keys, title }) => (
                <div key={keys} className={styles.key}>
                  <dt>{title}</dt>
                  <dd>
                    <Kbd keys={keys} told />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** A key that the screen has for itself is not shown among those that hold anywhere. */
function withoutHidden(groups: ReadonlyMap<string, readonly Shortcut[]>): Map<string, readonly Shortcut[]> {
  const taken = new Set<string>();
  const shown = byPrecedence(groups).map(([group, shortcuts]) => {
    const free = shortcuts.filter(({ keys }) => !taken.has(keys));
    for (const { keys } of free) taken.add(keys);
    return [group, free] as const;
  });
  return new Map(shown);
}
