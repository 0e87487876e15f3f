import type { Responses } from 'openai/resources/responses/responses';
import type { AnswerPlan, Sent } from './answer-plan.ts';

type Event = Responses.ResponseStreamEvent;
type Unnumbered<E> = E extends Event ? Omit<E, 'sequence_number'> : never;

/** An answer as Responses stream it. */
export function* responsesEvents(plan: AnswerPlan, created: number): Generator<Sent> {
  let number = 0;
  const named = (event: Unnumbered<Event>): Sent => ({
    event: event.type,
    data: { ...event, sequence_number: number++ },
  });
  yield named({ type: 'response.created', response: responseOf(plan, created, 'in_progress', []) });
  const output: Responses.ResponseOutputItem[] = [];
  for (const item of itemsOf(plan)) {
    const at = output.length;
    for (const event of item.type === 'message' ? textEvents(plan, item, at) : otherEvents(plan, item, at))
      yield named(event);
    output.push(item);
  }
  const whole = plan.stop !== 'length' && plan.stop !== 'content_filter';
  const response = responseOf(plan, created, whole ? 'completed' : 'incomplete', output);
  yield named({ type: whole ? 'response.completed' : 'response.incomplete', response });
}

function itemsOf(plan: AnswerPlan): Responses.ResponseOutputItem[] {
  const thinking: Responses.ResponseOutputItem = {
    type: 'reasoning',
    id: `rs_${plan.id}`,
    summary: [{ type: 'summary_text', text: plan.thinking }],
  };
  const said: Responses.ResponseOutputItem = {
    type: 'message',
    id: `msg_${plan.id}`,
    role: 'assistant',
    status: 'completed',
    content: [
      plan.stop === 'refusal'
        ? { type: 'refusal', refusal: plan.text }
        : { type: 'output_text', text: plan.text, annotations: [] },
    ],
  };
  const calls = plan.calls.map(({ id, tool, input }): Responses.ResponseOutputItem => ({
    type: 'function_call',
    id: `fc_${id}`,
    call_id: id,
    ...calledBy(tool),
    arguments: input,
    status: 'completed',
  }));
  return [...(plan.thinking === '' ? [] : [thinking]), ...(plan.text === '' ? [] : [said]), ...calls];
}

/** No name holds a dot but that of a tool which stands together with others. */
function calledBy(tool: string): { name: string; namespace?: string } {
  const at = tool.indexOf('.');
  return at < 0 ? { name: tool } : { namespace: tool.slice(0, at), name: tool.slice(at + 1) };
}

function* textEvents(
  plan: AnswerPlan,
  item: Responses.ResponseOutputMessage,
  output_index: number,
): Generator<Unnumbered<Event>> {
  const place = { item_id: item.id, output_index, content_index: 0 };
  const [part] = item.content;
  if (!part) return;
  const empty: typeof part = part.type === 'refusal' ? { ...part, refusal: '' } : { ...part, text: '' };
  const begun = { ...item, status: 'in_progress' as const, content: [] };
  yield { type: 'response.output_item.added', output_index, item: begun };
  yield { type: 'response.content_part.added', ...place, part: empty };
  for (const delta of plan.pieces(plan.text))
    yield part.type === 'refusal'
      ? { type: 'response.refusal.delta', ...place, delta }
      : { type: 'response.output_text.delta', ...place, delta, logprobs: [] };
  yield part.type === 'refusal'
    ? { type: 'response.refusal.done', ...place, refusal: plan.text }
    : { type: 'response.output_text.done', ...place, text: plan.text, logprobs: [] };
  yield { type: 'response.content_part.done', ...place, part };
  yield { type: 'response.output_item.done', output_index, item };
}

function* otherEvents(
  plan: AnswerPlan,
  item: Responses.ResponseOutputItem,
  output_index: number,
): Generator<Unnumbered<Event>> {
  if (item.type === 'function_call') {
    const place = { item_id: item.id ?? '', output_index };
    const begun = { ...item, arguments: '', status: 'in_progress' as const };
    yield { type: 'response.output_item.added', output_index, item: begun };
    for (const delta of plan.pieces(item.arguments))
      yield { type: 'response.function_call_arguments.delta', ...place, delta };
    yield { type: 'response.function_call_arguments.done', ...place, arguments: item.arguments };
  } else if (item.type === 'reasoning') {
    const place = { item_id: item.id, output_index, summary_index: 0 };
    yield { type: 'response.output_item.added', output_index, item: { ...item, summary: [] } };
    yield {
      type: 'response.reasoning_summary_part.added',
      ...place,
      part: { type: 'summary_text', text: '' },
    };
    for (const delta of plan.pieces(plan.thinking))
      yield { type: 'response.reasoning_summary_text.delta', ...place, delta };
    yield { type: 'response.reasoning_summary_text.done', ...place, text: plan.thinking };
  }
  yield { type: 'response.output_item.done', output_index, item };
}

function responseOf(
  plan: AnswerPlan,
  created_at: number,
  status: 'in_progress' | 'completed' | 'incomplete',
  output: readonly Responses.ResponseOutputItem[],
): Responses.Response {
  const { input, output: written, cacheRead, cacheWrite } = plan.usage;
  const usage: Responses.ResponseUsage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    output_tokens: written,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + written,
  };
  const reason = plan.stop === 'length' ? 'max_output_tokens' : 'content_filter';
  return {
    id: `resp_${plan.id}`,
    object: 'response',
    created_at,
    status,
    model: plan.model,
    output: [...output],
    output_text: '',
    access_programs: null,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason } : null,
    instructions: null,
    metadata: null,
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    ...(status === 'in_progress' ? {} : { usage }),
  };
}
