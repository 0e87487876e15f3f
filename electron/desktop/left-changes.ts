import type { RecordedEvent } from '../../shared/events/event.ts';
import type { Notice } from './notices.ts';

/** What says that a session left changes to decide about, and what says that nothing of them waits any more. */
export const changesKinds = [
  'work.collected',
  'session.ended',
  'work.applied',
  'work.discarded',
  'changes.applied',
  'changes.discarded',
] as const;

export interface LeftChanges {
  readonly session: string;
  readonly wait: boolean;
}

const placeOf = (session: string) => `#/sessions?session=${session}`;

/** Its agent and its repository are not said: a notification is read by whoever is near. */
export const leftChanges = (session: string): Notice => ({
  kind: 'changes',
  title: 'A session has left changes that wait for you',
  body: 'Open Holdfast to see them.',
  place: placeOf(session),
});

/** What an event says of changes that wait; null: nothing. Of those of a run, the run itself tells. */
export function changesTold({
  kind,
  scope,
  data,
}: Pick<RecordedEvent, 'kind' | 'scope' | 'data'>): LeftChanges | null {
  const { session, run } = scope;
  if (session === undefined || run !== undefined) return null;
  const told: Readonly<Record<string, unknown>> = { ...(data as object | null) };
  const wait = waits(kind, told);
  return wait === null ? null : { session, wait };
}

function waits(kind: string, told: Readonly<Record<string, unknown>>): boolean | null {
  switch (kind) {
    case 'work.collected':
      return Number(told['files']) + Number(told['commits']) > 0 ? true : null;
    case 'session.ended':
      return told['review'] === 'waiting' ? true : null;
    case 'changes.applied':
      return told['left'] === 0 ? false : null;
    case 'work.applied':
    case 'work.discarded':
    case 'changes.discarded':
      return false;
    default:
      return null;
  }
}
