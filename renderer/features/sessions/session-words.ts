import type { FolderMode, Outcome, SandboxKind, SandboxLayer, Session } from '../../../shared/session.ts';
import type { DotTone } from '../../ui/Dot.tsx';

export const modeWords: Record<FolderMode, string> = {
  ro: 'read',
  rw: 'read and change',
  review: 'change a version of its own; you decide afterwards',
};

export const kindWords: Record<SandboxKind, string> = {
  namespace: 'a namespace sandbox',
  container: 'a container',
};

const outcomeWords: Record<Outcome['label'], string> = {
  success: 'succeeded',
  work_failed: 'failed',
  infrastructure_failure: 'could not be carried out',
  timed_out: 'ran out of time',
  command_not_executable: 'the command is not executable',
  command_not_found: 'there is no such command',
  terminated_by_signal: 'was ended by a signal',
  cancelled: 'was stopped',
};

/** What a session is doing, or how it ended, in a few words. */
export function standing({ state, outcome, review, progress }: Session): { words: string; tone: DotTone } {
  if (state === 'reviewing') return { words: 'its changes wait for you', tone: 'waits' };
  if (state === 'preparing') return { words: progress ?? 'is being prepared', tone: 'running' };
  if (state === 'running') return { words: 'runs', tone: 'running' };
  if (state === 'stopping') return { words: 'is stopping', tone: 'running' };
  const words = outcome ? endWords(outcome) : 'ended';
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

function endWords({ label, code, signal }: Outcome): string {
  if (label === 'work_failed') return `failed with code ${code}`;
  if (label === 'terminated_by_signal' && signal !== null) return `was ended by signal ${signal}`;
  return outcomeWords[label];
}

export const holdWords: Record<SandboxLayer['holds'], { words: string; tone: DotTone }> = {
  kernel: { words: 'by the kernel', tone: 'good' },
  engine: { words: 'by the container engine', tone: 'good' },
  watchdog: { words: 'by a watchdog', tone: 'waits' },
  no: { words: 'not held', tone: 'quiet' },
};

/** The command as one line for people. */
export const commandLine = ({ argv }: Pick<Session, 'argv'>) =>
  argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');

export const isLive = ({ state }: Session) =>
  state === 'preparing' || state === 'running' || state === 'stopping';
