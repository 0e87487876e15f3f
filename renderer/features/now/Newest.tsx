import { useEffect, useState } from 'react';
import { sentenceOf, toneOf } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { Problem } from '../../../shared/problem.ts';
import { actorWords } from '../../bridge/actor-words.ts';
import { type House, useHouse } from '../../bridge/house.ts';
import { useRecordEpoch } from '../../bridge/use-record-epoch.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Age } from '../../ui/Age.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Dot, type DotTone } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';
import { countOf } from '../../ui/words.ts';
import styles from './Newest.module.css';

const shown = 8;

/** A line that breaks during the first question is no answer to it. */
async function newestPage(house: House, signal: AbortSignal): Promise<readonly RecordedEvent[]> {
  for (;;) {
    await house.connection.connected(signal);
    try {
      return (await house.client.record.query({ limit: shown }, { signal })).events;
    } catch (thrown) {
      if (signal.aborted || problemOf(thrown).code !== 'unreachable') throw thrown;
    }
  }
}

async function followNewest(
  house: House,
  show: (change: (before: readonly RecordedEvent[]) => readonly RecordedEvent[]) => void,
  signal: AbortSignal,
) {
  const events = await newestPage(house, signal);
  show(() => events);
  const from = (events[0]?.seq ?? -1) + 1;
  await house.followRecord(
    {
      from,
      filter: {},
      each: (arrived) => show((before) => [...arrived.slice(-shown).toReversed(), ...before].slice(0, shown)),
    },
    signal,
  );
}

/** The last few events, live, in sentences. */
export function Newest() {
  const house = useHouse();
  const record = useRecordEpoch();
  const [events, setEvents] = useState<readonly RecordedEvent[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const life = new AbortController();
    followNewest(house, setEvents, life.signal).catch(
      (thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)),
    );
    return () => life.abort();
  }, [house, record]);
  return (
    <Section
      title="Newest on the record"
      aside={
        <a className={styles.all} href={hashOf('audit')}>
          All events
        </a>
      }
    >
      <ProblemNote problem={problem} />
      <Card>
        <ol className={styles.list} aria-label="Newest events">
          {events.map((event) => (
            <li key={event.seq}>
              <a className={styles.event} href={hashOf('audit', { event: String(event.seq) })}>
                <Dot {...markOf(event.kind)} />
                <span className={styles.words}>
                  <b>{actorWords(event.actor)}</b> {sentenceOf(event)}
                </span>
                <span className={styles.age}>
                  <Age time={event.time} />
                </span>
                <span className={styles.seq}>{countOf(event.seq)}</span>
              </a>
            </li>
          ))}
        </ol>
      </Card>
    </Section>
  );
}

/** Only what waited or went wrong has a colour: the rest is over. */
function markOf(kind: string): { tone: DotTone; label?: string } {
  const tone = toneOf(kind);
  if (tone === 'waits') return { tone, label: 'waits for somebody' };
  return tone === 'refused' ? { tone, label: 'refused or failed' } : { tone: 'quiet' };
}
