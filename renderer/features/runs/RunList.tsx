import { type KeyboardEvent, useRef } from 'react';
import type { Run } from '../../../shared/run.ts';
import {
  durationWords,
  moneyWords,
  progressOf,
  progressWords,
  runStanding,
  tookOf,
} from '../../bridge/run-standing.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Age } from '../../ui/Age.tsx';
import { Card } from '../../ui/Card.tsx';
import { Dot } from '../../ui/Dot.tsx';
import styles from './RunList.module.css';

/** Runs, the newest first; the arrow keys move through them. */
export function RunList({ runs, onOpen }: { runs: readonly Run[]; onOpen: (id: string) => void }) {
  const list = useRef<HTMLUListElement>(null);
  const now = useNow(runs.some(({ state }) => state === 'running' || state === 'planning'));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
    event.preventDefault();
  };
  return (
    <Card>
      <ul ref={list} aria-label="Runs" className={styles.list}>
        {runs.map((run) => {
          const { words, tone } = runStanding(run);
          const { done, all } = progressOf(run);
          const took = tookOf(run, now);
          const reason = run.outcome?.label === 'success' ? null : (run.outcome?.reason ?? null);
          return (
            <li key={run.id}>
              <button
                type="button"
                className={styles.run}
                onClick={() => onOpen(run.id)}
                onKeyDown={onKeyDown}
              >
                <Dot tone={tone} />
                <span className={styles.words}>
                  <span className={styles.title}>{run.title}</span>
                  <span className={styles.detail}>
                    {[words, reason ?? progressWords(run)].filter(Boolean).join(' · ')}
                  </span>
                </span>
                {run.state === 'running' && all > 0 && (
                  <span className={styles.bar} aria-hidden="true">
                    <i style={{ width: `${(100 * done) / all}%` }} />
                  </span>
                )}
                <span className={styles.fact}>{took === null ? '' : durationWords(took)}</span>
                <span className={styles.fact}>{moneyWords(run)}</span>
                <span className={styles.age}>
                  <Age time={run.ended ?? run.created} />
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
