import type { RunSubtask } from '../../../../shared/run.ts';
import { tokensOf } from '../../../bridge/conversation/agent-session-words.ts';
import { durationWords, partStanding, tookOf } from '../../../bridge/run-standing.ts';
import { dollars } from '../../../../shared/money-words.ts';
import { Dot } from '../../../ui/Dot.tsx';
import { Markdown } from '../../../ui/Markdown.tsx';
import { hashOf } from '../../../ui/place.ts';
import { LeftFiles } from '../LeftFiles.tsx';
import styles from '../Inspector.module.css';
import { Why } from '../Why.tsx';
import type { KnownPart } from './use-part.ts';

export interface PartInspectorProps {
  part: RunSubtask;
  known: KnownPart | null;
  /** Where the files of the run lie. */
  folder: string | null;
  now: number;
  onSelect: (part: string) => void;
  onFile: (path: string) => void;
}

/** The part that is looked at: how it stands and why, what it may do, what it left, what it follows from. */
export function PartInspector({ part, known, folder, now, onSelect, onFile }: PartInspectorProps) {
  const { words, tone } = partStanding(part);
  const took = tookOf(part, now);
  return (
    <aside className={styles.inspector} aria-label={`Part ${part.title}`}>
      <section>
        <h2>{part.title}</h2>
        <dl className={styles.facts}>
          <dt>State</dt>
          <dd data-tone={tone}>
            <Dot tone={tone} /> {words}
            {took !== null && `, ${durationWords(took)}`}
          </dd>
          <dt>Agent</dt>
          <dd>
            {part.role}
            {part.model && ` · ${part.model}`}
          </dd>
          {part.attempt > 1 && (
            <>
              <dt>Attempt</dt>
              <dd>{part.attempt}</dd>
            </>
          )}
          <dt>Spent</dt>
          <dd>{spentWords(part)}</dd>
          {part.session && (
            <>
              <dt>Session</dt>
              <dd>
                <a href={hashOf('sessions', { session: part.session })}>open it</a>
              </dd>
            </>
          )}
        </dl>
      </section>
      <Why outcome={part.outcome} />
      <LeftFiles title="Outputs" files={part.outputs} onFile={onFile} />
      {known && known.rights.length > 0 && (
        <section>
          <h2>May</h2>
          <ul className={styles.list}>
            {known.rights.map((right) => (
              <li key={right}>{deedWords(right, folder)}</li>
            ))}
          </ul>
        </section>
      )}
      {known && known.dropped.length > 0 && (
        <section>
          <h2>Asked for and not given</h2>
          <ul className={styles.list}>
            {known.dropped.map((right) => (
              <li key={right} className={styles.soft}>
                {right}
              </li>
            ))}
          </ul>
        </section>
      )}
      {known?.answer && (
        <section>
          <h2>Answer</h2>
          <Markdown text={known.answer.slice(0, 4000)} />
        </section>
      )}
      {part.dependsOn.length > 0 && (
        <section>
          <h2>Depends on</h2>
          <p className={styles.parents}>
            {part.dependsOn.map((name) => (
              <button key={name} type="button" className={styles.file} onClick={() => onSelect(name)}>
                {name}
              </button>
            ))}
          </p>
        </section>
      )}
    </aside>
  );
}

/** A right in words; the long way to the run’s own folder says nothing to people. */
const deedWords = (right: string, folder: string | null) =>
  folder === null ? right : right.replaceAll(folder, 'the run’s own folder');

function spentWords({ usage, cost }: RunSubtask): string {
  if (usage.input + usage.output === 0) return 'nothing: no model';
  const tokens = `${tokensOf(usage.input)} in · ${tokensOf(usage.output)} out`;
  return cost === null ? tokens : `${tokens} · ${dollars(cost)}`;
}
