import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../../../shared/contract/problems.ts';
import { isOver, type Job } from '../../../../shared/job.ts';
import type { Problem } from '../../../../shared/problem.ts';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import styles from './JobsView.module.css';

/** What one job says, as it says it. */
export function JobOutput({ id }: { id: Job['id'] }) {
  const { client } = useHouse();
  const [job, setJob] = useState<Job | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    const life = new AbortController();
    const follow = async () => {
      for await (const facts of await client.jobs.watch({ job: id }, { signal: life.signal })) {
        if (life.signal.aborted) return;
        setJob(facts);
      }
    };
    follow().catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    return () => life.abort();
  }, [client, id]);
  if (!job) return <ProblemNote problem={problem} />;
  const { stdout, stderr, error, state } = job;
  return (
    <div className={styles.said}>
      {error !== null && <p className={styles.error}>{error}</p>}
      {stdout === '' && stderr === '' && (
        <p className={styles.soft}>{isOver(state) ? 'It said nothing.' : 'It has said nothing yet.'}</p>
      )}
      {stdout !== '' && <Said label="What it said" text={stdout} />}
      {stderr !== '' && <Said label="What it complained of" text={stderr} />}
      <ProblemNote problem={problem} />
    </div>
  );
}

/** Scrolled to its end, and by keys: a region that scrolls has to be reached without a mouse. */
function Said({ label, text }: { label: string; text: string }) {
  const place = useRef<HTMLPreElement>(null);
  useEffect(() => {
    place.current?.scrollTo({ top: place.current.scrollHeight });
  }, [text]);
  return (
    <figure className={styles.stream}>
      <figcaption className={styles.soft}>{label}</figcaption>
      <pre ref={place} className={styles.text} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </figure>
  );
}
