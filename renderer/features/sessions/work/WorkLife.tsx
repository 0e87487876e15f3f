import type { Session } from '../../../../shared/session.ts';
import type { SessionWork } from '../../../../shared/session-work.ts';
import { Dot, type DotTone } from '../../../ui/Dot.tsx';
import styles from './Work.module.css';
import { stepsOf, type WorkStep } from './work-steps.ts';

const tones: Record<WorkStep['state'], { tone: DotTone; words: string }> = {
  done: { tone: 'good', words: 'done' },
  now: { tone: 'running', words: 'now' },
  next: { tone: 'quiet', words: 'still to come' },
  failed: { tone: 'refused', words: 'incomplete' },
  left_out: { tone: 'quiet', words: 'not reached' },
};

/** Where a command agent is in its life. */
export function WorkLife({ session, work }: { session: Session; work: SessionWork }) {
  return (
    <ol className={styles.life} aria-label="Its life">
      {stepsOf(session, work).map(({ name, state }) => (
        <li key={name} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
          <Dot tone={tones[state].tone} label={tones[state].words} />
          {name}
        </li>
      ))}
    </ol>
  );
}
