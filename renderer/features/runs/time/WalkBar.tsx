import { Button } from '../../../ui/Button.tsx';
import { useShortcuts } from '../../../ui/shortcuts.ts';
import { clockOf, countOf } from '../../../ui/words.ts';
import type { Walk } from './use-walk.ts';
import styles from './WalkBar.module.css';

/** Walks a run along its time line: the graph and the list show how it stood then. */
export function WalkBar({ walk }: { walk: Walk }) {
  const { at, steps, step, plan, busy, begin, to, end } = walk;
  useShortcuts(
    'Walking this run',
    at === null
      ? [{ keys: 'y', title: 'Walk it again', run: begin }]
      : [
          { keys: ',', title: 'One event back', run: () => to(at - 1) },
          { keys: '.', title: 'One event on', run: () => to(at + 1) },
          { keys: 'y', title: 'Back to how it is', run: end },
        ],
  );
  if (at === null) {
    return (
      <div className={styles.bar}>
        <Button look="ghost" keys="y" busy={busy} onClick={begin}>
          Walk it again
        </Button>
      </div>
    );
  }
  const words = step
    ? [...(plan === '' ? [] : [plan]), clockOf(new Date(step.time)), step.words].join(' · ')
    : 'before it began';
  return (
    <div className={styles.bar}>
      <Button look="ghost" keys="," aria-label="One event back" onClick={() => to(at - 1)}>
        ‹
      </Button>
      <input
        type="range"
        className={styles.range}
        aria-label="Event of this run"
        aria-valuetext={words}
        min={0}
        max={steps.length}
        value={at}
        onChange={(event) => to(Number(event.target.value))}
      />
      <Button look="ghost" keys="." aria-label="One event on" onClick={() => to(at + 1)}>
        ›
      </Button>
      <span className={styles.words} role="status">
        {countOf(at)} of {countOf(steps.length)} · {words}
      </span>
      <Button look="ghost" keys="y" onClick={end}>
        As it is
      </Button>
    </div>
  );
}
