import { useState } from 'react';
import { useStatus } from '../../bridge/house.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Row } from '../../ui/Card.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { go } from '../../ui/place.ts';
import { FirstModel } from './FirstModel.tsx';
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

/** For a first visit: what this is, and the first steps. */
export function Welcome({ onClose }: { onClose: () => void }) {
  const models = useStatus()?.machine.find(({ id }) => id === 'models');
  const ready = models?.state === 'ok';
  return (
    <section className={styles.welcome} aria-labelledby="welcome">
      <h2 id="welcome" className={styles.title}>
        Agents that are held in, on a record that can be proven
      </h2>
      <p className={styles.words}>
        An agent works in a sandbox that the kernel holds, sees the folders you give it, and asks you at the
        boundaries. Everything it does goes into a signed record on this machine, which anybody can check.
      </p>
      <Card lead>
        <ol aria-label="First steps">
          <Row
            mark={<Icon name="graph" />}
            title="Run a recipe that needs no model"
            detail="A command where nothing else is, the largest files of a folder, pages joined in one document."
            right={
              <Button look={ready ? 'plain' : 'lead'} onClick={() => go('now', { do: 'launch', recipe: '' })}>
                Choose…
              </Button>
            }
          />
          <FirstModel ready={ready} finding={models} />
          <Row
            mark={<Icon name="person" />}
            title="Ask an agent"
            detail="Choose who works, on which folder, and say what you want."
            right={
              <Button look={ready ? 'lead' : 'plain'} keys="a" onClick={() => go('sessions', { do: 'ask' })}>
                Ask…
              </Button>
            }
          />
          <Row
            mark={<Icon name="check" />}
            title="Verify the record"
            detail="Reads every event again and compares it with what was signed."
            right={
              <Button keys="v" onClick={() => go('audit', { do: 'verify' })}>
                Verify
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
