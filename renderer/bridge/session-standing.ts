import type { Activity, AgentSession } from '../../shared/agent-session.ts';
import { plural } from '../../shared/plural.ts';
import type { Outcome, Session } from '../../shared/session.ts';
import type { SessionWork } from '../../shared/session-work.ts';
import type { DotTone } from '../ui/Dot.tsx';

export interface Standing {
  readonly words: string;
  readonly tone: DotTone;
}

const outcomeWords: Record<Outcome['label'], string> = {
  success: 'succeeded',
  generic_failure: 'failed',
  usage_error: 'was called in a wrong way',
  blocked: 'is blocked',
  nothing_ready: 'found nothing to do',
  work_failed: 'failed',
  infrastructure_failure: 'could not be carried out',
  budget_exhausted: 'used up its budget',
  timed_out: 'ran out of time',
  command_not_executable: 'the command is not executable',
  command_not_found: 'there is no such command',
  terminated_by_signal: 'was ended by a signal',
  cancelled: 'was stopped',
};

/** What a command’s session is doing, or how it ended, in a few words. */
export function commandStanding({ state, outcome, review, progress, work }: Session): Standing {
  if (state === 'reviewing') return { words: 'its changes wait for you', tone: 'waits' };
  if (state === 'preparing') return { words: progress ?? 'is being prepared', tone: 'running' };
  if (state === 'running') return { words: 'runs', tone: 'running' };
  if (state === 'stopping') return { words: 'is stopping', tone: 'running' };
  const words = outcome ? endedWords(outcome) : 'ended';
  if (work?.kept) return { words: `${words}, its changes wait for you`, tone: 'waits' };
  const decided = {
    none: '',
    waiting: '',
    applied: ', changes applied',
    partly_applied: ', changes partly applied',
    discarded: ', changes thrown away',
  }[review];
  const failed = outcome !== null && outcome.label !== 'success' && outcome.label !== 'cancelled';
  return { words: words + decided, tone: failed ? 'refused' : 'quiet' };
}

/** How it ended, in a few words. */
export function endedWords({ label, code, signal }: Outcome): string {
  if (label === 'work_failed') return `failed with code ${code}`;
  if (label === 'terminated_by_signal' && signal !== null) return `was ended by signal ${signal}`;
  return outcomeWords[label];
}

/** The command as one line for people. */
export const commandLine = ({ argv }: Pick<Session, 'argv'>) =>
  argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');

/** What a session is known by: a command agent by its name and repository, anything else by its command. */
export const sessionTitle = (session: Pick<Session, 'argv' | 'work'>) =>
  session.work
    ? `${session.work.agent} on ${nameOfRepository(session.work.repository)}`
    : commandLine(session);

/** The last step of an address or a folder. */
export function nameOfRepository(repository: string): string {
  const last = repository.replace(/\/+$/, '').split('/').at(-1);
  return last === undefined || last === '' ? repository : last.replace(/\.git$/, '');
}

/** `3 files, 1 commit, +10 −2`, and what of it could not be kept; empty while it is not known. */
export function changedWords({ collected }: SessionWork): string {
  if (collected === null) return '';
  const { files, commits, added, removed, left } = collected;
  const lost = left ? `; not kept: ${left.join(', ')}` : '';
  if (files === 0 && commits === 0) return `nothing changed${lost}`;
  const committed = commits === 0 ? '' : `, ${plural(commits, 'commit')}`;
  return `${plural(files, 'file')}${committed}, +${added}\u00A0−${removed}${lost}`;
}

export const isLive = ({ state }: Session) =>
  state === 'preparing' || state === 'running' || state === 'stopping';

const activityWords: Record<Activity, Standing> = {
  idle: { words: 'waits for a message', tone: 'quiet' },
  working: { words: 'works', tone: 'running' },
  waiting: { words: 'waits for your approval', tone: 'waits' },
  paused: { words: 'is paused', tone: 'quiet' },
  unsure: { words: 'is unsure what a call did: you decide', tone: 'waits' },
  out_of_budget: { words: 'its budget is used up', tone: 'waits' },
  ended: { words: 'has ended', tone: 'quiet' },
};

/** What a session with an agent is doing, in a few words. */
export function talkStanding({ activity, detail }: AgentSession): Standing {
  const { words, tone } = activityWords[activity];
  return { words: detail ?? words, tone };
}
