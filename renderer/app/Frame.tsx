import { useCallback, useEffect, useMemo, useState } from 'react';
import { useApprovalFeed } from '../bridge/approvals.ts';
import { useConnection, useHouse } from '../bridge/house.ts';
import { WorkPlace } from '../features/work/WorkPlace.tsx';
import { usePlace } from '../ui/place.ts';
import { anywhere, listenForShortcuts, useShortcuts } from '../ui/shortcuts.ts';
import { Toasts } from '../ui/Toast.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { useCommands } from './commands.ts';
import styles from './Frame.module.css';
import { KeysHelp } from './KeysHelp.tsx';
import { Navigation } from './Navigation.tsx';
import { NotAdmitted } from './NotAdmitted.tsx';
import { screens } from './screens.ts';
import { StatusLine } from './StatusLine.tsx';

/** Navigation on the left, the screen, the status line below; everything that is reachable from anywhere. */
export function Frame() {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null);
  const { phase } = useConnection();
  useApprovalFeed(useHouse());
  const place = usePlace();
  const screen = screens.find((one) => one.path === place.path) ?? screens[0];
  const showKeys = useCallback(() => setOpen('keys'), []);
  const commands = useCommands(showKeys);
  useEffect(() => listenForShortcuts(), []);
  useEffect(() => {
    document.title = `${screen.title} · Holdfast`;
  }, [screen]);
  useShortcuts(
    anywhere,
    useMemo(
      () => [
        {
          keys: 'mod k',
          title: 'Anything: the command palette',
          run: () => setOpen('palette'),
          always: true,
        },
        ...commands.flatMap(({ keys, title, run }) => (keys ? [{ keys, title, run }] : [])),
      ],
      [commands],
    ),
  );
  if (phase === 'refused') return <NotAdmitted />;
  const Shown = screen.component;
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main" onClick={focusMain}>
        Skip to the screen
      </a>
      <Navigation here={screen.path} onPalette={() => setOpen('palette')} />
      <main id="main" className={styles.main} tabIndex={-1}>
        <Shown key={screen.path} />
      </main>
      <StatusLine />
      <CommandPalette open={open === 'palette'} commands={commands} onClose={() => setOpen(null)} />
      <KeysHelp open={open === 'keys'} onClose={() => setOpen(null)} />
      <WorkPlace />
      <Toasts />
    </div>
  );
}

/** The address bar already says which screen this is, so the link moves the focus and nothing else. */
function focusMain(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
