import type OpenAI from 'openai';
import type { AnswerPlan, Sent } from './answer-plan.ts';

type Choice = OpenAI.ChatCompletionChunk.Choice;

const stops = {
  end: 'stop',
  calls: 'tool_calls',
  length: 'length',
  refusal: 'stop',
  stop_sequence: 'stop',
  content_filter: 'content_filter',
} as const;

/** An answer as chat completions stream it, with the thoughts where most compatible servers put them. */
export function* chatEvents(plan: AnswerPlan, created: number): Generator<Sent> {
  const chunk = (choices: Choice[], usage: OpenAI.CompletionUsage | null = null): Sent => ({
    data: {
      id: plan.id,
      object: 'chat.completion.chunk',
      created,
      model: plan.model,
      choices,
      usage,
    } satisfies OpenAI.ChatCompletionChunk,
  });
  const grow = (
    delta: Choice['delta'] & { reasoning_content?: string },
    finish: Choice['finish_reason'] = null,
  ) => chunk([{ index: 0, delta, finish_reason: finish }]);

  yield grow({ role: 'assistant', content: '' });
  for (const thought of plan.pieces(plan.thinking)) yield grow({ reasoning_content: thought });
  for (const text of plan.pieces(plan.text))
    yield grow(plan.stop === 'refusal' ? { refusal: text } : { content: text });
  for (const [index, { id, tool, input }] of plan.calls.entries()) {
    yield grow({ tool_calls: [{ index, id, type: 'function', function: { name: tool, arguments: '' } }] });
    for (const piece of plan.pieces(input))
      yield grow({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  yield grow({}, stops[plan.stop]);
  const { input, output, cacheRead, cacheWrite } = plan.usage;
  yield chunk([], {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
  });
  yield { data: '[DONE]' };
}
