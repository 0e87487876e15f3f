import { useEffect, useRef, useState } from 'react';
import type { Session } from '../../../shared/session.ts';
import { commandLine } from '../../bridge/session-standing.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTheme } from '../../ui/theme.ts';
import type { TerminalScreen } from './screen.ts';
import styles from './TerminalPane.module.css';
import { useAttachment } from './use-attachment.ts';

/** The terminal itself. It is loaded when one is first looked at: other screens need not wait for it. */
export function TerminalPane({ session, input }: { session: Session; input: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<TerminalScreen | null>(null);
  const label = `Output of ${commandLine(session)}`;
  useEffect(() => {
    let opened: TerminalScreen | undefined;
    let left = false;
    void import('./screen.ts').then(({ openScreen }) => {
      if (left || !place.current) return;
      opened = openScreen(place.current, label);
      setScreen(opened);
    });
    return () => {
      left = true;
      opened?.close();
      setScreen(null);
    };
  }, [label]);
  useColours(screen);
  const { problem, why } = useAttachment(session.id, screen, input);
  return (
    <div className={styles.pane}>
      <ProblemNote problem={problem} />
      {why && <p className={styles.why}>{why}</p>}
      <div ref={place} className={styles.screen} data-typing={input || undefined} />
    </div>
  );
}

/** The terminal’s colours are values, so they follow the theme by hand. */
function useColours(screen: TerminalScreen | null): void {
  const theme = useTheme((state) => state.theme);
  useEffect(() => {
    screen?.recolour();
    const system = matchMedia('(prefers-color-scheme: dark)');
    const recolour = () => screen?.recolour();
    system.addEventListener('change', recolour);
    return () => system.removeEventListener('change', recolour);
  }, [screen, theme]);
}
