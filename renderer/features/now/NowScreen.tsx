import type { ReactNode } from 'react';
import type { Run } from '../../../shared/run.ts';
import { useStatus } from '../../bridge/house.ts';
import styles from './NowScreen.module.css';
import { Contained } from './Contained.tsx';
import { Machine } from './Machine.tsx';
import { Newest } from './Newest.tsx';
import { usePresent, Waiting, Working } from './Present.tsx';
import { Remark } from './Remark.tsx';
import { useWelcome, Welcome } from './Welcome.tsx';

/** What is so right now: one thing leads, the rest is one glance below it. */
export function NowScreen({ launcher }: { launcher: (runs: readonly Run[]) => ReactNode }) {
  const status = useStatus();
  const welcome = useWelcome();
  const present = usePresent();
  return (
    <div className={styles.screen}>
      <div className={styles.column}>
        <h1 className={styles.hidden}>Now</h1>
        {welcome.shown && <Welcome onClose={welcome.close} />}
        {launcher(present.runs)}
        <Waiting {...present} />
        <Working {...present} />
        <Contained ask={!welcome.shown} />
        {status && <Machine findings={status.machine} />}
        <Remark />
        <Newest />
      </div>
    </div>
  );
}
