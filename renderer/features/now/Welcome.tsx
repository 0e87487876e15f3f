import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Card, Row } from '../../ui/Card.tsx';
import { go } from '../../ui/place.ts';
import styles from './Welcome.module.css';

const kept = 'holdfast.welcomed';

export function useWelcome(): { shown: boolean; close: () => void } {
  const [shown, setShown] = useState(() => localStorage.getItem(kept) === null);
  return {
    shown,
    close: () => {
      localStorage.setItem(kept, 'yes');
      setShown(false);
    },
  };
}

/** For a first visit: what this is, what can be done now, and the first three steps. */
export function Welcome({ onClose }: { onClose: () => void }) {
  return (
    <section className={styles.welcome} aria-labelledby="welcome">
      <h2 id="welcome" className={styles.title}>
        A record that can be proven
      </h2>
      <p className={styles.words}>
        Holdfast writes everything that happens on its watch into a signed record on this machine. You can
        watch it live, search it, and hand parts of it to anybody, who can check them without Holdfast.
      </p>
      <Card lead>
        <ol aria-label="First steps">
          <Row
            title="Verify the record"
            detail="Reads every event again and compares it with what was signed."
            right={
              <Button keys="v" onClick={() => go('audit', { do: 'verify' })}>
                Verify
              </Button>
            }
          />
          <Row
            title="Make a token"
            detail="Lets another program in, limited to what you name."
            right={
              <Button keys="t" onClick={() => go('settings', { do: 'token' })}>
                New token
              </Button>
            }
          />
          <Row
            title="Export a bundle"
            detail="One file with events and proofs; you see what would leave first."
            right={
              <Button keys="e" onClick={() => go('audit', { do: 'export' })}>
                Export
              </Button>
            }
          />
        </ol>
      </Card>
      <Button look="ghost" className={styles.close} onClick={onClose}>
        Got it, do not show this again
      </Button>
    </section>
  );
}
