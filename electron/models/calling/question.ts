import type { AssistantMessage, Message, ModelRef } from '../../../shared/conversation.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { newId } from '../../base/ids.ts';
import type { Reservation } from '../budgets.ts';
import { estimatedInput } from '../budgets/estimate.ts';
import type { ModelCallParts } from '../model-calls.ts';
import type { ModelCall, ModelPiece } from '../models.ts';
import type { Target } from '../providers.ts';
import { ModelFailure } from '../wires/model-failure.ts';
import { attempt, type Patience } from './attempt.ts';
import { cancelled } from './cancelled.ts';
import { Settling } from './settling.ts';

export interface Asked {
  readonly ref: ModelRef;
  readonly target: Target;
  readonly patience: Patience;
  readonly call: ModelCall;
  /** How many questions this one makes, those before it included. */
  readonly attempts: number;
}

/**
 * One question to one model: the budget, the intent on the record, the question itself; and whatever comes of it is
 * settled and, where no answer came, on the record as well.
 */
export async function* question(
  parts: ModelCallParts,
  { ref, target, patience, call, attempts }: Asked,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece, void> {
  const { known, clock, budgets, fetch } = parts;
  const facts = known.facts(ref);
  const price = known.price(ref);
  const messages = facts.images ? call.messages : withoutImages(call.messages);
  const input = estimatedInput({ ...call, messages });
  const output = Math.min(call.maxOutputTokens, facts.outputTokens);
  const { agent, session } = call;
  const reserved = budgets.reserve({
    model: ref,
    agent,
    session,
    budgets: call.budgets,
    input,
    output,
    price,
  });
  const settling = new Settling(reserved, input, price);
  const request = await intent(parts, ref, call, reserved).catch((thrown: unknown) => {
    settling.nothing();
    throw thrown;
  });
  const failed = (thrown: unknown) => fail(parts, { ref, call, request, settling }, thrown);
  const wire = {
    model: target.model,
    system: call.system,
    messages,
    tools: call.tools,
    maxOutputTokens: reserved.output,
    temperature: known.takesTemperature(ref) ? call.temperature : undefined,
  };
  const needs = { fetch, newCall: () => newId('call', clock.now()), clock, patience };
  try {
    for await (const piece of attempt(target.provider.wire, target.endpoint, wire, needs, signal)) {
      if (piece.kind === 'end') {
        const { parts: said, stop, usage } = piece.answer;
        for (const written of writtenCalls(said)) settling.heard(written);
        const message = { role: 'assistant' as const, parts: said };
        yield { kind: 'end', message, model: ref, stop, ...settling.answered(usage), attempts, request };
      } else if (piece.kind === 'text' || piece.kind === 'thinking') {
        settling.heard(piece.text);
        yield piece;
      } else if (piece.kind === 'call') yield piece;
    }
    if (!settling.done) throw cancelled(signal.reason);
  } catch (thrown) {
    await failed(thrown);
    throw thrown;
  } finally {
    // Whoever listened went away in the middle.
    if (!settling.done) await failed(cancelled(undefined));
  }
}

const by = ({ agent, session }: ModelCall) =>
  ({ actor: { kind: 'agent', id: agent }, scope: { agent, session } }) as const;

async function intent(
  { record }: ModelCallParts,
  model: ModelRef,
  call: ModelCall,
  { tokens, micros, charged, agents }: Reservation,
): Promise<Id<'event'>> {
  const others = {
    ...(charged.length > 0 && { charged: [...charged] }),
    ...(agents.length > 0 && { agents: [...agents] }),
  };
  const data = { model, messages: call.messages.length, reserved: { tokens, micros }, ...others };
  return (await record.append({ kind: 'model.requested', ...by(call), data })).id;
}

async function fail(
  { record }: ModelCallParts,
  asked: { ref: ModelRef; call: ModelCall; request: Id<'event'>; settling: Settling },
  thrown: unknown,
): Promise<void> {
  const { ref, call, request, settling } = asked;
  if (settling.done) return;
  // Who was refused at the door is not charged; who got inside, or may have, is.
  const refused =
    thrown instanceof ModelFailure && !thrown.begun && !['slow', 'cut', 'endless'].includes(thrown.kind);
  const settled = refused ? settling.nothing() : settling.guessed();
  const code = thrown instanceof ModelFailure ? thrown.kind : Problem.of(thrown).code;
  const reason = Problem.of(thrown).message.slice(0, 2000);
  await record.append({
    kind: 'model.failed',
    ...by(call),
    parent: request,
    data: { model: ref, code, reason, settled },
  });
}

/** For models that only read: a remark stands where each picture was. */
function withoutImages(messages: readonly Message[]): Message[] {
  return messages.map((message): Message => {
    if (message.role === 'assistant' || !JSON.stringify(message.parts.map(kinds)).includes('image'))
      return message;
    const parts = message.parts.map((part) =>
      part.kind === 'image'
        ? remark
        : part.kind === 'result'
          ? { ...part, content: part.content.map((inner) => (inner.kind === 'image' ? remark : inner)) }
          : part,
    );
    return { role: 'user', parts };
  });
}

const remark = { kind: 'text', text: '(An image that this model cannot see.)' } as const;
const kinds = (part: { kind: string; content?: readonly { kind: string }[] }) => [
  part.kind,
  part.content?.map((inner) => inner.kind),
];

/** Arguments of calls arrive with the end alone, and count as what was said. */
const writtenCalls = (parts: AssistantMessage['parts']) =>
  parts.flatMap((part) => (part.kind === 'call' ? [JSON.stringify(part.input)] : []));
