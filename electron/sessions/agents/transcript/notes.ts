import { sentenceOf } from '../../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../../shared/events/event.ts';
import type { DataOf } from '../../../audit/projection.ts';

type Tone = 'quiet' | 'waits' | 'refused';

/** Events worth a line of their own, as that line. */
export function noteOf(event: RecordedEvent): { tone: Tone; text: string } {
  switch (event.kind) {
    case 'message.received': {
      const { method } = event.data as DataOf<'message.received'>;
      return {
        tone: 'quiet',
        text: method === 'nudge' ? 'was told to go on' : 'was told to go on where its answer was cut off',
      };
    }
    case 'turn.finished': {
      const { stopReason } = event.data as DataOf<'turn.finished'>;
      return { tone: toneOfStop(stopReason), text: stopInWords(stopReason) };
    }
    case 'session.turned': {
      const { activity } = event.data as DataOf<'session.turned'>;
      return { tone: activity === 'idle' ? 'quiet' : 'waits', text: sentenceOf(event) };
    }
    case 'tool.doubted':
      return { tone: 'waits', text: sentenceOf(event) };
    case 'model.failed':
    case 'context.summary_failed':
    case 'tool.repeat_stopped':
      return { tone: 'refused', text: sentenceOf(event) };
    case 'session.resumed': {
      const { lost } = event.data as DataOf<'session.resumed'>;
      const gone = lost.length > 0 ? ` Gone with the life before: ${lost.join('; ')}.` : '';
      return { tone: 'quiet', text: `${sentenceOf(event)}.${gone}` };
    }
    default:
      return { tone: 'quiet', text: sentenceOf(event) };
  }
}

function toneOfStop(stopReason: string): Tone {
  return stopReason === 'interrupted' ? 'quiet' : 'refused';
}

export function stopInWords(stopReason: string): string {
  const words: Record<string, string> = {
    complete: 'done',
    interrupted: 'the turn was ended',
    max_iterations: 'stopped: it took as many steps as it may',
    max_tokens: 'stopped: it used as many tokens as it may',
    timed_out: 'stopped: its time was over',
    truncated: 'stopped: its answer was cut off too often',
    refused: 'the model refused to answer',
    empty: 'the model had nothing to say',
  };
  return words[stopReason] ?? stopReason.replace(/^error: /, 'stopped: ');
}
