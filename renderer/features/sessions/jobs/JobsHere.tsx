import { isOver } from '../../../../shared/job.ts';
import { Dot } from '../../../ui/Dot.tsx';
import { hashOf } from '../../../ui/place.ts';
import inspector from '../SessionInspector.module.css';
import { jobTones, jobWords } from './job-words.ts';
import styles from './JobsView.module.css';
import { useJobs } from './use-jobs.ts';

const shown = 5;

/** The newest jobs of a session, beside its conversation; nothing where it has none. */
export function JobsHere({ session }: { session: string }) {
  const jobs = useJobs(session).value ?? [];
  if (jobs.length === 0) return null;
  const running = jobs.filter(({ state }) => !isOver(state)).length;
  return (
    <section>
      <h2>Jobs</h2>
      <ul className={inspector.list} aria-label="Its newest jobs">
        {jobs.slice(0, shown).map(({ id, state, line }) => (
          <li key={id} className={styles.here}>
            <Dot tone={jobTones[state]} label={jobWords[state]} />
            <a href={hashOf('sessions', { session, show: 'jobs', job: id })}>
              <code className={styles.line}>{line.slice(0, 200)}</code>
            </a>
          </li>
        ))}
      </ul>
      <a className={inspector.all} href={hashOf('sessions', { session, show: 'jobs' })}>
        {running === 0 ? `All ${jobs.length}` : `All ${jobs.length}, ${running} not over`}
      </a>
    </section>
  );
}
