import type { Run } from '../../../shared/run.ts';
import { levelWords } from '../../../shared/level-words.ts';
import { tokensOf } from '../../bridge/conversation/agent-session-words.ts';
import { durationWords, moneyWords, progressWords, runStanding, tookOf } from '../../bridge/run-standing.ts';
import { kindWords, modeWords } from '../../bridge/session-words.ts';
import { Dot } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';
import { boundsWords } from './bounds.ts';
import { LeftFiles } from './LeftFiles.tsx';
import styles from './Inspector.module.css';
import { asked, partPlace, reviewWords } from './run-words.ts';
import { Why } from './Why.tsx';

/** The run as a whole: what was asked for, how it stands and why, what it may do at most, what came of it. */
export function RunInspector({
  run,
  now,
  onFile,
}: {
  run: Run;
  now: number;
  onFile: (path: string) => void;
}) {
  const { words, tone } = runStanding(run);
  const took = tookOf(run, now);
  const { kind, text } = asked(run);
  return (
    <aside className={styles.inspector} aria-label="This run">
      <section>
        <h2>{kind}</h2>
        <p>{text}</p>
      </section>
      <section>
        <dl className={styles.facts}>
          <dt>State</dt>
          <dd data-tone={tone}>
            <Dot tone={tone} /> {words}
            {took !== null && `, ${durationWords(took)}`}
          </dd>
          <dt>Parts</dt>
          <dd>{progressWords(run) || 'none yet'}</dd>
          <dt>Spent</dt>
          <dd>
            {run.usage.input + run.usage.output === 0
              ? 'nothing: no model'
              : `${tokensOf(run.usage.input)} in · ${tokensOf(run.usage.output)} out · ${moneyWords(run)}`}
          </dd>
          {run.review !== 'none' && (
            <>
              <dt>Changes</dt>
              <dd>{reviewWords(run)}</dd>
            </>
          )}
          {run.rounds > 1 && (
            <>
              <dt>Planned</dt>
              <dd>{run.rounds} times</dd>
            </>
          )}
          {run.interrupted > 0 && (
            <>
              <dt>Interrupted</dt>
              <dd>{run.interrupted === 1 ? 'once' : `${run.interrupted} times`}, and went on</dd>
            </>
          )}
          {run.forkOf && (
            <>
              <dt>Follows</dt>
              <dd>
                <a href={hashOf(partPlace(run.forkOf.run))}>another run</a>
                {run.forkOf.from.length > 0 && `, from ${run.forkOf.from.slice(0, 3).join(', ')}`}
              </dd>
            </>
          )}
        </dl>
      </section>
      <Why outcome={run.outcome} />
      <LeftFiles title="Result" files={run.outputs} onFile={onFile} />
      <Allowed run={run} />
      <section>
        <p className={styles.links}>
          <a href={hashOf('audit', { q: `run:${run.id}` })}>All of it on the record</a>
          {run.folder && <code title="where its files lie">{run.folder}</code>}
        </p>
      </section>
    </aside>
  );
}

function Allowed({ run: { ceiling } }: { run: Run }) {
  const { folders, hosts, sandbox, image, approvals } = ceiling;
  const bounds = boundsWords(ceiling);
  return (
    <section>
      <h2>May at most</h2>
      <ul className={styles.list}>
        {folders.map(({ path, mode }) => (
          <li key={path}>
            <code>{path}</code> <span className={styles.soft}>{modeWords[mode]}</span>
          </li>
        ))}
        {folders.length === 0 && <li className={styles.soft}>It sees none of your folders.</li>}
        <li className={styles.soft}>
          {hosts.length === 0 ? 'No network.' : `Connect to ${hosts.join(', ')}.`}
        </li>
        <li className={styles.soft}>
          In {kindWords[sandbox]}
          {image && ` from ${image}`}; it asks {levelWords[approvals]}.
        </li>
        {bounds !== '' && <li className={styles.soft}>At most {bounds}.</li>}
      </ul>
    </section>
  );
}
