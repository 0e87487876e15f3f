import type { RunOutcome } from '../../../shared/run.ts';
import { Prose } from '../../ui/Prose.tsx';
import { outcomeStanding } from '../../bridge/run-standing.ts';
import styles from './Inspector.module.css';

/** Why it did not go well, in words. */
export function Why({ outcome }: { outcome: RunOutcome | null }) {
  if (!outcome?.reason || outcome.label === 'success') return null;
  return (
    <section>
      <h2>Why it {outcomeStanding(outcome).words}</h2>
      <p className={styles.why} data-tone={outcomeStanding(outcome).tone}>
        <Prose>{outcome.reason}</Prose>
      </p>
    </section>
  );
}
