import { useStatus } from '../../bridge/house.ts';
import styles from './NowScreen.module.css';
import { Contained } from './Contained.tsx';
import { Machine } from './Machine.tsx';
import { Newest } from './Newest.tsx';
import { Remark } from './Remark.tsx';
import { useWelcome, Welcome } from './Welcome.tsx';

/** What is so right now: one thing leads, the rest is one glance below it. */
export function NowScreen() {
  const status = useStatus();
  const welcome = useWelcome();
  return (
    <div className={styles.screen}>
      <div className={styles.column}>
        <h1 className={styles.hidden}>Now</h1>
        {welcome.shown && <Welcome onClose={welcome.close} />}
        <Remark lead={!welcome.shown} />
        <Contained />
        {status && <Machine findings={status.machine} />}
        <Newest />
      </div>
    </div>
  );
}
