import type { Agent } from '../../shared/agent.ts';
import type { TurnState } from './conversation.ts';
import type { JournalEntry } from './journal.ts';

type Next = Extract<JournalEntry, { kind: 'message' | 'turn_finished' }>;

const told = (way: 'nudge' | 'continue', text: string): Next => ({
  kind: 'message',
  way,
  from: 'holdfast',
  parts: [{ kind: 'text', text }],
});

/** After an answer without calls: what is said to the model so that it goes on, or how the turn ends. */
export function afterAnswer(
  { limits, outputTool }: Pick<Agent, 'limits' | 'outputTool'>,
  turn: TurnState,
  isEmpty: boolean,
): Next {
  const finish = (stopReason: string): Next => ({
    kind: 'turn_finished',
    stopReason,
    iterations: turn.iterations,
  });
  if (turn.stopped === 'length') {
    if (turn.continuations >= limits.continuations) return finish('truncated');
    return told(
      'continue',
      '[Your answer was cut off at its longest. Go on exactly where it ended; repeat nothing.]',
    );
  }
  if (turn.stopped === 'refusal' || turn.stopped === 'content_filter') return finish('refused');
  if (isEmpty) {
    if (turn.empty > 1) return finish('empty');
    return told('nudge', '[Your answer was empty. Go on with the task, or say in words that it is done.]');
  }
  if (outputTool !== null && !turn.used.has(outputTool) && turn.nudges < limits.nudges) {
    return told('nudge', `[The task is not done before ${outputTool} was called. Go on, and call it.]`);
  }
  return finish('complete');
}

/** Why the model is not asked again; null: it is. */
export function limitReached(
  { limits }: Pick<Agent, 'limits'>,
  turn: TurnState,
  seconds: number,
): string | null {
  if (turn.iterations >= limits.iterations) return 'max_iterations';
  if (turn.tokens >= limits.tokens) return 'max_tokens';
  if (limits.seconds !== null && seconds >= limits.seconds) return 'timed_out';
  return null;
}
