import type { AssistantMessage, ModelRef, Stop } from '../../../../shared/conversation.ts';
import { newId } from '../../../base/ids.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import type { ModelCall, ModelPiece, Models } from '../../../models/models.ts';

export interface ScriptedAnswer {
  readonly text?: string;
  readonly calls?: readonly {
    readonly tool: string;
    readonly input: Record<string, unknown>;
    readonly malformed?: string;
  }[];
  readonly stop?: Stop;
  readonly fails?: Error;
  readonly usage?: { readonly input: number; readonly output: number };
}

const model = 'script/one' as ModelRef;

/**
 * Answers by a script, without a wire: what it says depends on how many answers the conversation holds already, so
 * that a killed life and the next are told the same.
 */
export class ScriptedModels implements Models {
  readonly calls: ModelCall[] = [];
  readonly #record: Pick<AuditRecord, 'append'>;
  readonly #script: (call: ModelCall, answers: number) => ScriptedAnswer | Promise<ScriptedAnswer>;
  contextTokens = 100_000;

  constructor(
    record: Pick<AuditRecord, 'append'>,
    script:
      | readonly ScriptedAnswer[]
      | ((call: ModelCall, answers: number) => ScriptedAnswer | Promise<ScriptedAnswer>),
  ) {
    this.#record = record;
    this.#script =
      typeof script === 'function'
        ? script
        : (_, answers) => script[Math.min(answers, script.length - 1)] ?? {};
  }

  async *call(call: ModelCall, signal: AbortSignal): AsyncGenerator<ModelPiece, void> {
    this.calls.push(call);
    const request = await this.#record.append({
      kind: 'model.requested',
      actor: { kind: 'agent', id: call.agent },
      scope: { session: call.session, agent: call.agent },
      data: { model, messages: call.messages.length, reserved: { tokens: 0, micros: 0 } },
    });
    signal.throwIfAborted();
    const answers = call.messages.filter(({ role }) => role === 'assistant').length;
    const answer = await this.#script(call, answers);
    signal.throwIfAborted();
    if (answer.fails) throw answer.fails;
    if (answer.text) yield { kind: 'text', text: answer.text };
    const message: AssistantMessage = {
      role: 'assistant',
      parts: [
        ...(answer.text ? [{ kind: 'text' as const, text: answer.text }] : []),
        ...(answer.calls ?? []).map(({ tool, input, malformed = null }) => ({
          kind: 'call' as const,
          call: newId('call', new Date()),
          tool,
          input: input as never,
          malformed,
        })),
      ],
    };
    const stop = answer.stop ?? ((answer.calls?.length ?? 0) > 0 ? 'calls' : 'end');
    const usage = {
      input: answer.usage?.input ?? 10,
      output: answer.usage?.output ?? 5,
      cacheRead: 0,
      cacheWrite: 0,
    };
    yield {
      kind: 'end',
      message,
      model,
      stop,
      usage,
      cost: 100,
      attempts: 1,
      request: request.id,
    };
  }

  facts(ref: ModelRef) {
    return { ref, contextTokens: this.contextTokens, outputTokens: 4096, images: true };
  }

  defaultModel(): Promise<ModelRef> {
    return Promise.resolve(model);
  }
}
