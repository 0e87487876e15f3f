import type { AgentSession } from '../../../shared/agent-session.ts';
import type { Approval } from '../../../shared/approval.ts';
import type { Objective } from '../../../shared/objective.ts';
import type { Run } from '../../../shared/run.ts';
import type { Session } from '../../../shared/session.ts';
import { commandStanding, isLive, sessionTitle, talkStanding } from '../../bridge/session-standing.ts';
import { needsLook, objectiveStanding } from '../../bridge/objective-standing.ts';
import { progressWords, runStanding } from '../../bridge/run-standing.ts';
import type { DotTone } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';

/** One thing that waits, is at work or was: what it is, how it stands, since when, and where to look. */
export interface NowLine {
  readonly id: string;
  readonly title: string;
  /** Whether the title is something that would be run. */
  readonly code: boolean;
  readonly words: string;
  readonly tone: DotTone;
  readonly time: string;
  readonly href: string;
}

export interface Known {
  readonly approvals: readonly Approval[];
  readonly talks: readonly AgentSession[];
  readonly commands: readonly Session[];
  readonly runs: readonly Run[];
  readonly objectives: readonly Objective[];
}

/** What nothing but the person moves on, the oldest first. */
export function waitingLines({ approvals, talks, commands, runs, objectives }: Known): NowLine[] {
  const asked = approvals.filter(({ state }) => state === 'pending').map(lineOfApproval);
  const stuck = talks.filter(needsDecision).map(lineOfTalk);
  const reviewed = commands.filter(isReviewed).map(lineOfCommand);
  const planned = runs.filter(({ state, reviewing }) => state === 'asking' || reviewing).map(lineOfRun);
  const failing = objectives.filter(needsLook).map(lineOfObjective);
  const waiting = [...asked, ...stuck, ...reviewed, ...planned, ...failing];
  return waiting.toSorted((one, other) => (one.time < other.time ? -1 : 1));
}

/** What runs now, the latest first. What an agent started for itself, or works for a run, is at work with it. */
export function workingLines({ talks, commands, runs }: Known): NowLine[] {
  const busy = talks.filter(
    ({ activity, parent, run }) =>
      parent === null && run === null && (activity === 'working' || activity === 'waiting'),
  );
  const running = runs.filter(({ state }) => state !== 'asking' && state !== 'finished');
  return latestFirst([
    ...running.map(lineOfRun),
    ...busy.map(lineOfTalk),
    ...commands.filter(isLive).map(lineOfCommand),
  ]);
}

/** What has ended, or rests until it is asked again. */
export function latelyLines({ talks, commands, runs }: Known): NowLine[] {
  const rests = talks.filter(
    (talk) =>
      talk.parent === null &&
      talk.run === null &&
      !needsDecision(talk) &&
      (talk.activity === 'idle' || talk.activity === 'paused' || talk.activity === 'ended'),
  );
  const ended = commands.filter((command) => command.state === 'ended' && !isReviewed(command));
  const finished = runs.filter(({ state, reviewing }) => state === 'finished' && !reviewing);
  return latestFirst([...finished.map(lineOfRun), ...rests.map(lineOfTalk), ...ended.map(lineOfCommand)]);
}

const isReviewed = ({ state, work }: Session) => state === 'reviewing' || work?.kept === true;

function needsDecision({ activity, review }: AgentSession): boolean {
  if (activity === 'unsure' || activity === 'out_of_budget') return true;
  return activity === 'ended' && review === 'waiting';
}

const latestFirst = (lines: readonly NowLine[]) =>
  lines.toSorted((one, other) => (one.time < other.time ? 1 : -1));

function lineOfApproval({ id, line, agent, where, asked }: Approval): NowLine {
  const href = hashOf('approvals', { approval: id });
  return { id, title: line, code: true, words: `${agent} asks, ${where}`, tone: 'waits', time: asked, href };
}

function lineOfTalk(session: AgentSession): NowLine {
  const { id, title, agent, activity, review, changed } = session;
  const decides = activity === 'ended' && review === 'waiting';
  const { words, tone } = decides
    ? ({ words: 'its changes wait for you', tone: 'waits' } as const)
    : talkStanding(session);
  const href = hashOf('sessions', { session: id });
  return { id, title, code: false, words: `${agent} · ${words}`, tone, time: changed, href };
}

function lineOfRun(run: Run): NowLine {
  const { id, title, changed } = run;
  const { words, tone } = runStanding(run);
  const told = [words, run.state === 'finished' ? (run.outcome?.reason ?? '') : progressWords(run)];
  const href = hashOf(`runs/${id}`);
  return { id, title, code: false, words: told.filter(Boolean).join(' · '), tone, time: changed, href };
}

function lineOfObjective(objective: Objective): NowLine {
  const { name, words, times } = objective;
  const last = times.find(({ ok }) => ok === false);
  return {
    id: `objective ${name}`,
    title: words,
    code: false,
    words: `${name} · ${objectiveStanding(objective).words}`,
    tone: 'waits',
    time: last?.ended ?? last?.due ?? new Date(0).toISOString(),
    href: hashOf(`objectives/${name}`),
  };
}

function lineOfCommand(session: Session): NowLine {
  const { id, started, ended } = session;
  const href = hashOf('sessions', { session: id });
  return {
    id,
    title: sessionTitle(session),
    code: session.work === null,
    ...commandStanding(session),
    time: ended ?? started,
    href,
  };
}
