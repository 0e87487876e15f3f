import { type ReactNode, useEffect, useState } from 'react';
import { problemOf } from '../../../shared/contract/problems.ts';
import { sentenceOf } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import type { Problem } from '../../../shared/problem.ts';
import { actorWords } from '../../bridge/actor-words.ts';
import type { Client } from '../../bridge/client.ts';
import { useHouse, useStatus } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { hashOf } from '../../ui/place.ts';
import { useToday } from '../../ui/use-today.ts';
import { countOf, ends, fullTimeOf, momentOf, sameDay } from '../../ui/words.ts';
import { Attachments } from './Attachments.tsx';
import { DataView } from './DataView.tsx';
import { EraseDialog } from './EraseDialog.tsx';
import styles from './EventInspector.module.css';
import { ProofView } from './ProofView.tsx';

type Looked = Awaited<ReturnType<Client['record']['get']>>;

/** The arrow keys may run through many rows; only where they rest is looked up. */
const restMs = 70;

/** Everything about one event, with its proof. */
export function EventInspector({ seq, onClose }: { seq: number; onClose: () => void }) {
  const house = useHouse();
  const status = useStatus();
  const [looked, setLooked] = useState<Looked | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [erasing, setErasing] = useState(false);
  const [epoch, setEpoch] = useState(0);
  const covered = (status?.record.checkpoint?.size ?? 0) > seq;

  useEffect(() => {
    const life = new AbortController();
    const rest = setTimeout(() => {
      house.client.record.get({ event: String(seq) }, { signal: life.signal }).then(
        (found) => {
          if (life.signal.aborted) return;
          setLooked(found);
          setProblem(null);
        },
        (thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)),
      );
    }, restMs);
    return () => {
      clearTimeout(rest);
      life.abort();
    };
  }, [house, seq, covered, epoch]);

  const shown = looked?.event.seq === seq ? looked : null;
  return (
    <aside className={styles.inspector} aria-label={`Event ${countOf(seq)}`}>
      <header className={styles.head}>
        <h2>Event {countOf(seq)}</h2>
        <Button look="ghost" keys="escape" onClick={onClose}>
          Close
        </Button>
      </header>
      <ProblemNote
        problem={problem}
        action={problem && <Button onClick={() => setEpoch(epoch + 1)}>Try again</Button>}
      />
      {shown && (
        <>
          <p className={styles.sentence}>
            {actorWords(shown.event.actor)} {sentenceOf(shown.event)}
          </p>
          <Facts event={shown.event} />
          <ProofView header={shown.header} event={shown.event} proof={shown.proof} />
          <DataView event={shown.event} />
          <Attachments event={shown.event} />
          {canErase(shown.event) && (
            <div className={styles.erase}>
              <Button look="ghost" onClick={() => setErasing(true)}>
                Erase what it carries…
              </Button>
            </div>
          )}
          <EraseDialog
            event={shown.event}
            open={erasing}
            onClose={() => setErasing(false)}
            onErased={() => setEpoch(epoch + 1)}
          />
        </>
      )}
    </aside>
  );
}

const canErase = (event: RecordedEvent) =>
  event.payload === 'present' || event.blobs.some((blob) => blob.state === 'present');

function Facts({ event }: { event: RecordedEvent }) {
  const time = new Date(event.time);
  const now = useToday();
  const { agent, run, session, subtask } = event.scope;
  return (
    <dl className={styles.facts}>
      <Fact name="Kind">
        <code>{event.kind}</code>
        {!event.known && <span className={styles.note}> unknown to this version</span>}
      </Fact>
      <Fact name="When">
        <time dateTime={event.time} title={event.time}>
          {sameDay(time, now) ? momentOf(time, now) : fullTimeOf(time)}
        </time>
      </Fact>
      <Fact name="Actor">{event.actor.id ? `${event.actor.kind} ${event.actor.id}` : event.actor.kind}</Fact>
      {agent && <ScopeFact name="Agent" field="agent" value={agent} />}
      {run && <ScopeFact name="Run" field="run" value={run} />}
      {session && <ScopeFact name="Session" field="session" value={session} />}
      {subtask && <ScopeFact name="Subtask" field="subtask" value={subtask} />}
      {event.parent && (
        <Fact name="Follows">
          <a href={hashOf('audit', { event: event.parent })}>
            <code>{ends(event.parent, 8)}</code>
          </a>
        </Fact>
      )}
      <Fact name="Id">
        <code className={styles.whole}>{event.id}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ScopeFact({ name, field, value }: { name: string; field: string; value: string }) {
  return (
    <Fact name={name}>
      <a href={hashOf('audit', { q: `${field}:${value}` })} title={`Show all of ${value}`}>
        {value.length > 24 ? ends(value, 8) : value}
      </a>
    </Fact>
  );
}
