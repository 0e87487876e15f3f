import type { Session } from '../../../shared/session.ts';
import { Dot } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';
import { bytesOf } from '../../ui/words.ts';
import { GrantedPlaces } from './GrantedPlaces.tsx';
import { HappensHere } from './HappensHere.tsx';
import styles from './SessionInspector.module.css';
import { WorkBudget } from './work/WorkBudget.tsx';
import { WorkFacts } from './work/WorkFacts.tsx';
import { holdWords, kindWords } from '../../bridge/session-words.ts';

/** What it may do, what holds it in, and what it was refused, as it happens. */
export function SessionInspector({ session }: { session: Session }) {
  const { folders, hosts, rights, layers, limits, sandbox, image, id } = session;
  return (
    <aside className={styles.inspector} aria-label="What it may do">
      {session.work && <WorkFacts session={session} work={session.work} />}
      {session.work && <WorkBudget session={session} />}
      <section>
        <h2>What it may do</h2>
        <GrantedPlaces folders={folders} hosts={hosts} rights={rights} />
      </section>
      <section>
        <h2>What holds it in</h2>
        <p className={styles.soft}>
          {kindWords[sandbox]}
          {image && ` from ${image}`}
          {limits.memoryBytes !== null && `, ${bytesOf(limits.memoryBytes)} of memory`}
        </p>
        <ul className={styles.list} aria-label="What holds it in">
          {layers.map(({ id: layer, name, holds, detail }) => (
            <li key={layer} title={detail} className={styles.layer}>
              <Dot tone={holdWords[holds].tone} label={holdWords[holds].words} />
              <span>{name}</span>
              <span className={styles.soft}>{holdWords[holds].words}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>As it happens</h2>
        <HappensHere session={id} />
        <a className={styles.all} href={hashOf('audit', { q: `session:${id}` })}>
          All of it on the record
        </a>
      </section>
    </aside>
  );
}
