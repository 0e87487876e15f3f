import { useAgentSessions } from '../../bridge/agent-sessions.ts';
import { useKnownApprovals } from '../../bridge/approvals.ts';
import { useObjectives } from '../../bridge/objectives.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useRuns } from '../../bridge/runs.ts';
import { useSessions } from '../../bridge/sessions.ts';
import type { Run } from '../../../shared/run.ts';
import { Section } from '../../ui/Card.tsx';
import { hashOf } from '../../ui/place.ts';
import { Lines } from './Lines.tsx';
import { latelyLines, waitingLines, workingLines } from './now-lines.ts';
import styles from './Present.module.css';

const mostWaiting = 3;
const mostLately = 5;

export interface Present {
  readonly runs: readonly Run[];
  readonly waiting: ReturnType<typeof waitingLines>;
  readonly working: ReturnType<typeof workingLines>;
  readonly lately: ReturnType<typeof latelyLines>;
  readonly problem: ReturnType<typeof useSessions>['problem'];
}

/** What waits, runs and ended, live. */
export function usePresent(): Present {
  const { all, problem } = useKnownApprovals();
  const talks = useAgentSessions();
  const commands = useSessions();
  const runs = useRuns();
  const objectives = useObjectives();
  const known = {
    approvals: [...(all?.values() ?? [])],
    talks: talks.list ?? [],
    commands: commands.list ?? [],
    runs: runs.list ?? [],
    objectives: objectives.list ?? [],
  };
  return {
    runs: known.runs,
    waiting: waitingLines(known),
    working: workingLines(known),
    lately: latelyLines(known),
    problem: problem ?? talks.problem ?? commands.problem ?? runs.problem ?? objectives.problem,
  };
}

/** What nothing but the person moves on. */
export function Waiting({ waiting, problem }: Present) {
  if (waiting.length === 0) return <ProblemNote problem={problem} />;
  const more = waiting.length - mostWaiting;
  return (
    <Section
      title="Waits for you"
      aside={
        <a className={styles.all} href={hashOf('approvals')}>
          {more > 0 ? `All approvals, ${more} more wait` : 'All approvals'}
        </a>
      }
    >
      <ProblemNote problem={problem} />
      <Lines label="What waits for you" lines={waiting.slice(0, mostWaiting)} />
    </Section>
  );
}

/** What is at work, and what was lately. Nothing is shown of what is not. */
export function Working({ working, lately }: Present) {
  return (
    <>
      {working.length > 0 && (
        <Section title="At work" aside={<AllSessions />}>
          <Lines label="What is at work" lines={working} />
        </Section>
      )}
      {lately.length > 0 && (
        <Section title="Lately" aside={working.length === 0 && <AllSessions />}>
          <Lines label="What was lately" lines={lately.slice(0, mostLately)} />
        </Section>
      )}
    </>
  );
}

function AllSessions() {
  return (
    <span className={styles.both}>
      <a className={styles.all} href={hashOf('runs')}>
        All runs
      </a>
      <a className={styles.all} href={hashOf('sessions')}>
        All sessions
      </a>
    </span>
  );
}
