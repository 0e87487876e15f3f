import type { ServerResponse } from 'node:http';
import type { AnswerPlan, Sent } from './answer-plan.ts';

interface Part {
  readonly text?: string;
  readonly thought?: true;
  readonly functionCall?: { readonly id: string; readonly name: string; readonly args: unknown };
}

interface GeminiAnswer {
  readonly candidates: readonly {
    readonly index: 0;
    readonly content: { readonly role: 'model'; readonly parts: readonly Part[] };
    readonly finishReason?: string;
  }[];
  readonly usageMetadata: Readonly<Record<string, number>>;
  readonly modelVersion: string;
  readonly responseId: string;
}

const stops = {
  end: 'STOP',
  calls: 'STOP',
  length: 'MAX_TOKENS',
  refusal: 'SAFETY',
  stop_sequence: 'STOP',
  content_filter: 'SAFETY',
} as const;

/** An answer as Gemini streams it: thoughts and words in pieces, each call as a whole. */
export function* geminiEvents(plan: AnswerPlan): Generator<Sent> {
  for (const text of plan.pieces(plan.thinking)) yield { data: grown(plan, [{ text, thought: true }]) };
  for (const text of plan.pieces(plan.text)) yield { data: grown(plan, [{ text }]) };
  const calls = callsOf(plan);
  for (const call of calls ?? []) yield { data: grown(plan, [call]) };
  yield { data: grown(plan, [{ text: '' }], endOf(plan, calls)) };
}

/** The same in one piece, as it answers who does not ask for a stream. */
export function sendGemini(plan: AnswerPlan, outgoing: ServerResponse): void {
  const calls = callsOf(plan);
  const parts: Part[] = [
    ...(plan.thinking === '' ? [] : [{ text: plan.thinking, thought: true as const }]),
    ...(plan.text === '' ? [] : [{ text: plan.text }]),
    ...(calls ?? []),
  ];
  outgoing.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
  outgoing.end(JSON.stringify(grown(plan, parts, endOf(plan, calls))));
}

const endOf = (plan: AnswerPlan, calls: Part[] | null) =>
  calls === null ? 'MALFORMED_FUNCTION_CALL' : stops[plan.stop];

/** Null where one is no JSON: Gemini never passes such a call on, and ends with a reason of its own. */
function callsOf({ calls }: AnswerPlan): Part[] | null {
  try {
    return calls.map(({ id, tool, input }) => ({
      functionCall: { id, name: tool, args: JSON.parse(input) as unknown },
    }));
  } catch {
    return null;
  }
}

function grown(plan: AnswerPlan, parts: readonly Part[], finishReason?: string): GeminiAnswer {
  const { input, output, cacheRead } = plan.usage;
  return {
    candidates: [
      { index: 0, content: { role: 'model', parts }, ...(finishReason !== undefined && { finishReason }) },
    ],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: output,
      totalTokenCount: input + output,
      ...(cacheRead > 0 && { cachedContentTokenCount: cacheRead }),
    },
    modelVersion: plan.model,
    responseId: plan.id,
  };
}
