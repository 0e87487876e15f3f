import { useEffect, useState } from 'react';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { RuleDraft, RulePreview } from '../../../shared/rule.ts';
import { useHouse } from '../../bridge/house.ts';
import { clockOf, plural } from '../../ui/words.ts';
import styles from './RulePreviewNote.module.css';

const pause = 250;

/** What a rule would have made of past calls, before it is one. */
export function RulePreviewNote({ draft }: { draft: RuleDraft }) {
  const { client } = useHouse();
  const [preview, setPreview] = useState<RulePreview | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const asked = JSON.stringify(draft);
  useEffect(() => {
    const life = new AbortController();
    const timer = setTimeout(() => {
      client.rules.preview(JSON.parse(asked) as RuleDraft, { signal: life.signal }).then(
        (found) => {
          setPreview(found);
          setWrong(null);
        },
        (thrown: unknown) => {
          if (life.signal.aborted) return;
          const { message, mend } = problemOf(thrown);
          setWrong([message, mend].filter(Boolean).join(' '));
        },
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [client, asked]);
  if (wrong !== null) {
    return (
      <p className={styles.wrong} role="alert">
        {wrong}
      </p>
    );
  }
  if (!preview) return <p className={styles.soft}>Looking at past calls …</p>;
  const { calls, more, looked, warnings, overrides } = preview;
  return (
    <div className={styles.preview}>
      {warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          {warning}
        </p>
      ))}
      {overrides.length > 0 && <p className={styles.soft}>It overrules {overrides.join(' and ')}.</p>}
      <p className={styles.soft}>
        {calls.length + more === 0
          ? `None of ${plural(looked, 'past call')} would have been decided by it.`
          : `It would have decided ${plural(calls.length + more, 'past call')}:`}
      </p>
      {calls.length > 0 && (
        <ul className={styles.calls} aria-label="Past calls it would have decided">
          {calls.slice(0, 8).map(({ time, tool, line, before }) => (
            <li key={`${time} ${line}`}>
              <time dateTime={time}>{clockOf(new Date(time))}</time>
              <code title={tool}>{line}</code>
              <span className={styles.soft}>was {before}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
