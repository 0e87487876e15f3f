import type { AssistantMessage, Message, ModelRef, ResultPart } from '../../shared/conversation.ts';
import type { Scaffold } from '../../shared/scaffold.ts';
import type { Agent } from '../../shared/agent.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { ModelCall, ModelFacts, ModelPiece, Models } from '../models/models.ts';
import { answerAfter, callOf, toolOf } from './scaffolds/scaffold-step.ts';

/** What stands for a model where code answers. */
export const scaffoldModel = ({ kind }: Pick<Scaffold, 'kind'>): ModelRef => `holdfast/${kind}`;

const nothing = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/**
 * Answers as its scaffold says, by what the conversation holds already and nothing else, so that a later life goes on
 * where this one was. Nobody is asked for it, and it costs nothing.
 */
export class ScaffoldModels implements Models {
  readonly #scaffold: Scaffold;
  readonly #runFolder: string | null;
  readonly #clock: Clock;

  constructor(scaffold: Scaffold, runFolder: string | null, clock: Clock) {
    this.#scaffold = scaffold;
    this.#runFolder = runFolder;
    this.#clock = clock;
  }

  async *call({ messages }: ModelCall, signal: AbortSignal): AsyncGenerator<ModelPiece, void> {
    signal.throwIfAborted();
    const message = this.#next(messages);
    const calls = message.parts.some(({ kind }) => kind === 'call');
    yield {
      kind: 'end',
      message,
      model: scaffoldModel(this.#scaffold),
      stop: calls ? 'calls' : 'end',
      usage: nothing,
      cost: 0,
      attempts: 1,
      request: null,
    };
  }

  facts(ref: ModelRef): ModelFacts {
    return { ref, contextTokens: 1_000_000_000, outputTokens: 1_000_000, images: false };
  }

  defaultModel(): Promise<ModelRef> {
    return Promise.resolve(scaffoldModel(this.#scaffold));
  }

  #next(messages: readonly Message[]): AssistantMessage {
    const result = lastResult(messages);
    if (result) {
      const text = answerAfter(this.#scaffold, result);
      return { role: 'assistant', parts: [{ kind: 'text', text }] };
    }
    const { tool, input } = callOf(this.#scaffold, this.#runFolder);
    const call = newId('call', this.#clock.now());
    const whole = { kind: 'call', call, tool, input: input as never, malformed: null } as const;
    return { role: 'assistant', parts: [whole] };
  }
}

function lastResult(messages: readonly Message[]): ResultPart | undefined {
  return messages
    .flatMap(({ parts }) => [...parts])
    .findLast((part): part is ResultPart => part.kind === 'result');
}

/** The agent with what its scaffold needs to be carried out: its tool, and no end before its work is done. */
export function asScaffold(agent: Agent): Agent {
  const { scaffold } = agent;
  if (!scaffold) return agent;
  const tool = `tool: ${toolOf[scaffold.kind]}`;
  return {
    ...agent,
    models: [],
    capabilities: [...agent.capabilities.filter((text) => !text.startsWith('tool:')), tool],
    skills: [],
    notes: { ...agent.notes, section: 'off' },
    memory: { ...agent.memory, contextTokens: 1_000_000_000, maxMessages: null },
    limits: {
      ...agent.limits,
      iterations: 10,
      tokens: 1_000_000_000,
      seconds: null,
      nudges: 0,
      continuations: 0,
    },
    outputTool: null,
  };
}
