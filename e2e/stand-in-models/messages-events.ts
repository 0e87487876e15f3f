import type Anthropic from '@anthropic-ai/sdk';
import type { AnswerPlan, Sent } from './answer-plan.ts';

const stops = {
  end: 'end_turn',
  calls: 'tool_use',
  length: 'max_tokens',
  refusal: 'refusal',
  stop_sequence: 'stop_sequence',
  content_filter: 'refusal',
} as const;

const named = (data: Anthropic.RawMessageStreamEvent): Sent => ({ event: data.type, data });

/** An answer as the Messages stream it. */
export function* messagesEvents(plan: AnswerPlan): Generator<Sent> {
  yield named({ type: 'message_start', message: messageOf(plan) });
  yield { event: 'ping', data: { type: 'ping' } };
  let index = 0;
  if (plan.thinking !== '') {
    yield named({
      type: 'content_block_start',
      index,
      content_block: { type: 'thinking', thinking: '', signature: '' },
    });
    for (const thinking of plan.pieces(plan.thinking))
      yield named({
        type: 'content_block_delta',
        index,
        delta: { type: 'thinking_delta', thinking },
      });
    yield named({
      type: 'content_block_delta',
      index,
      delta: { type: 'signature_delta', signature: 'c2VhbA==' },
    });
    yield named({ type: 'content_block_stop', index });
    index++;
  }
  if (plan.text !== '') {
    yield named({
      type: 'content_block_start',
      index,
      content_block: { type: 'text', text: '', citations: null },
    });
    for (const text of plan.pieces(plan.text))
      yield named({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } });
    yield named({ type: 'content_block_stop', index });
    index++;
  }
  for (const { id, tool, input } of plan.calls) {
    yield named({
      type: 'content_block_start',
      index,
      content_block: { type: 'tool_use', id, name: tool, input: {}, caller: { type: 'direct' } },
    });
    for (const piece of plan.pieces(input))
      yield named({
        type: 'content_block_delta',
        index,
        delta: { type: 'input_json_delta', partial_json: piece },
      });
    yield named({ type: 'content_block_stop', index });
    index++;
  }
  yield named({
    type: 'message_delta',
    delta: { stop_reason: stops[plan.stop], stop_sequence: null, container: null, stop_details: null },
    usage: {
      output_tokens: plan.usage.output,
      input_tokens: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      output_tokens_details: null,
      server_tool_use: null,
    },
  });
  yield named({ type: 'message_stop' });
}

function messageOf(plan: AnswerPlan): Anthropic.Message {
  const { input, cacheRead, cacheWrite } = plan.usage;
  return {
    id: plan.id,
    type: 'message',
    role: 'assistant',
    model: plan.model,
    content: [],
    container: null,
    diagnostics: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: {
      input_tokens: Math.max(0, input - cacheRead - cacheWrite),
      output_tokens: 1,
      cache_read_input_tokens: cacheRead,
      cache_creation_input_tokens: cacheWrite,
      cache_creation: null,
      inference_geo: null,
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: 'standard',
      speed: null,
    },
  };
}
