import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { DataOf } from '../../../audit/projection.ts';

/** Kinds that tell of a session itself, not what was said or done in it. */
export const noteKinds = [
  'turn.finished',
  'session.turned',
  'session.resumed',
  'sandbox.ended',
  'context.summarized',
  'context.summary_failed',
  'model.fell_back',
  'model.failed',
  'tool.doubted',
  'tool.settled',
  'tool.repeat_stopped',
] as const;

/** What an event is in a transcript; null: it is no entry of its own. */
export function entryKind(event: RecordedEvent): 'person' | 'answer' | 'note' | 'summary' | null {
  switch (event.kind) {
    case 'message.received':
      return (event.data as DataOf<'message.received'>).method === 'inbox' ? 'person' : 'note';
    case 'model.called':
      return (event.data as DataOf<'model.called'>).aside === true ? null : 'answer';
    case 'turn.finished':
      return (event.data as DataOf<'turn.finished'>).stopReason === 'complete' ? null : 'note';
    case 'session.turned':
      return (event.data as DataOf<'session.turned'>).activity === 'working' ? null : 'note';
    case 'context.summarized':
      return 'summary';
    case 'context.summary_failed':
    case 'model.fell_back':
    case 'model.failed':
    case 'session.resumed':
    case 'sandbox.ended':
    case 'tool.doubted':
    case 'tool.settled':
    case 'tool.repeat_stopped':
      return 'note';
    default:
      return null;
  }
}
