import { isOver, type Job } from '../../../../shared/job.ts';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../bridge/use-task.ts';
import { Age } from '../../../ui/Age.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Dot } from '../../../ui/Dot.tsx';
import { Empty } from '../../../ui/Empty.tsx';
import { hashOf, stay } from '../../../ui/place.ts';
import { JobOutput } from './JobOutput.tsx';
import { jobTones, jobWords } from './job-words.ts';
import styles from './JobsView.module.css';
import { useJobs } from './use-jobs.ts';

/** What agents run beside their talk: of one session, or of all. */
export function JobsView({ session, chosen }: { session: string | null; chosen: string | null }) {
  const jobs = useJobs(session);
  const place = { show: 'jobs', ...(session !== null && { session }) };
  return (
    <section className={styles.view} aria-label="Jobs">
      <header className={styles.head}>
        <h2>{session === null ? 'Jobs of all sessions' : 'Jobs of this session'}</h2>
        {session !== null && (
          <>
            <a href={hashOf('sessions', { show: 'jobs' })}>Of all sessions</a>
            <a href={hashOf('sessions', { session })}>Its conversation</a>
          </>
        )}
      </header>
      <ProblemNote problem={jobs.problem} />
      {jobs.value?.length === 0 && (
        <Empty title="No jobs">
          An agent starts one for what takes long: a build, tests, a server. It goes on while the agent does
          something else, and ends with its session.
        </Empty>
      )}
      <ul className={styles.list} aria-label="Jobs">
        {jobs.value?.map((job) => (
          <JobRow
            key={job.id}
            job={job}
            open={job.id === chosen}
            named={session === null}
            onToggle={() => stay(job.id === chosen ? place : { ...place, job: job.id })}
          />
        ))}
      </ul>
    </section>
  );
}

function JobRow({
  job,
  open,
  named,
  onToggle,
}: {
  job: Job;
  open: boolean;
  named: boolean;
  onToggle: () => void;
}) {
  const { client } = useHouse();
  const cancel = useTask((_signal) => client.jobs.cancel({ job: job.id }));
  const { id, state, line, agent, submitted, started, finished, code, session } = job;
  return (
    <li className={styles.job}>
      <div className={styles.row}>
        <button type="button" className={styles.choice} aria-expanded={open} onClick={onToggle}>
          <Dot tone={jobTones[state]} />
          <span className={styles.words}>
            <code className={styles.line} title={line.slice(0, 2000)}>
              {line.slice(0, 500)}
            </code>
            <span className={styles.soft}>
              {jobWords[state]}
              {code !== null && code !== 0 && ` with ${code}`} ·{' '}
              <Age time={finished ?? started ?? submitted} />
            </span>
          </span>
        </button>
        {named && (
          <a className={styles.soft} href={hashOf('sessions', { session })}>
            {agent}
          </a>
        )}
        {!isOver(state) && (
          <Button
            busy={cancel.busy}
            onClick={() => void cancel.run()}
            aria-label={`Cancel ${line.slice(0, 60)}`}
          >
            Cancel
          </Button>
        )}
      </div>
      <ProblemNote problem={cancel.problem} />
      {open && <JobOutput id={id} />}
    </li>
  );
}
