import type { Scripted, ScriptedUsage } from './scripted.ts';
import type { StandInRequest } from './read-request.ts';

/** One server-sent event: its name, where the wire gives it one, and its data. */
export interface Sent {
  readonly event?: string;
  readonly data: unknown;
}

export interface AnswerPlan {
  readonly thinking: string;
  readonly text: string;
  readonly calls: readonly { id: string; tool: string; input: string }[];
  readonly stop: NonNullable<Scripted['stop']>;
  readonly usage: ScriptedUsage;
  readonly model: string;
  readonly id: string;
  readonly pieces: (text: string) => string[];
}

export function planOf(request: StandInRequest, scripted: Scripted): AnswerPlan {
  const { thinking = '', text = '', calls = [], piece = 12 } = scripted;
  const written = calls.map(({ tool, input }, i) => ({
    id: `theirs_${request.number}_${i}`,
    tool,
    input: typeof input === 'string' ? input : JSON.stringify(input),
  }));
  const length = text.length + thinking.length + written.reduce((sum, { input }) => sum + input.length, 0);
  return {
    thinking,
    text,
    calls: written,
    stop: scripted.stop ?? (calls.length > 0 ? 'calls' : 'end'),
    usage: {
      input: Math.ceil(JSON.stringify(request.body).length / 4),
      output: Math.max(1, Math.ceil(length / 4)),
      cacheRead: 0,
      cacheWrite: 0,
      ...scripted.usage,
    },
    model: request.model,
    id: `answer_${request.number}`,
    pieces: (whole) => whole.match(new RegExp(`[^]{1,${piece}}`, 'gu')) ?? [],
  };
}
