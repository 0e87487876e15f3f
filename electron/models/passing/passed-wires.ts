import type { Usage } from '../../../shared/conversation.ts';
import { Problem } from '../../../shared/problem.ts';

/** The three ways in which programs ask models. */
export type PassedWire = 'messages' | 'chat' | 'responses';

type Fields = Readonly<Record<string, unknown>>;

/** What an answer says of itself while it passes by: parts of what was said, and what it took. */
export interface Heard {
  readonly text?: string;
  readonly usage?: Partial<Usage>;
  /** Nothing that it takes comes after this. */
  readonly isOver?: boolean;
}

interface WireForm {
  /** Below the base URL of a provider. */
  readonly path: string;
  readonly provider: 'messages' | 'chat';
  /** The names under which a question may bound its answer; the first is the one that is set. */
  readonly bounds: readonly string[];
  /** From one event of a stream, or from a whole answer. */
  readonly hear: (said: Fields) => Heard;
  readonly asks: (question: Fields) => number;
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : []);
const words = (value: unknown) => (typeof value === 'string' ? value : '');
const count = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
const told = (usage: { [Each in keyof Usage]: number | undefined }): Partial<Usage> =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined));
const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 1);

/** Anthropic counts what it read from and wrote to its cache beside the rest. */
function messagesUsage(value: unknown): Partial<Usage> {
  const usage = fields(value);
  const [input, cacheRead, cacheWrite] = [
    'input_tokens',
    'cache_read_input_tokens',
    'cache_creation_input_tokens',
  ].map((name) => count(usage[name]));
  const all = input === undefined ? undefined : input + (cacheRead ?? 0) + (cacheWrite ?? 0);
  return told({ input: all, output: count(usage['output_tokens']), cacheRead, cacheWrite });
}

function openaiUsage(value: unknown, input: string, output: string): Partial<Usage> {
  const usage = fields(value);
  const cacheRead = count(fields(usage[`${input}_details`])['cached_tokens']);
  return told({ input: count(usage[input]), output: count(usage[output]), cacheRead, cacheWrite: undefined });
}

const spoken = (block: Fields) =>
  words(block['text']) +
  words(block['thinking']) +
  words(block['partial_json']) +
  (block['input'] === undefined ? '' : JSON.stringify(block['input']));

export const passedWires: Readonly<Record<PassedWire, WireForm>> = {
  messages: {
    path: '/v1/messages',
    provider: 'messages',
    bounds: ['max_tokens'],
    asks: (question) => lengthOf(question['messages']),
    hear(said) {
      if (said['type'] === 'message_start') return { usage: messagesUsage(fields(said['message'])['usage']) };
      if (said['type'] === 'content_block_delta') return { text: spoken(fields(said['delta'])) };
      if (said['type'] === 'message_delta') {
        return { usage: messagesUsage(said['usage']), isOver: true };
      }
      if (said['type'] !== 'message') return {};
      const text = list(said['content']).map(spoken).join('');
      return { text, usage: messagesUsage(said['usage']), isOver: true };
    },
  },
  chat: {
    path: '/chat/completions',
    provider: 'chat',
    bounds: ['max_completion_tokens', 'max_tokens'],
    asks: (question) => lengthOf(question['messages']),
    hear(said) {
      const usage = said['usage']
        ? openaiUsage(said['usage'], 'prompt_tokens', 'completion_tokens')
        : undefined;
      const choices = list(said['choices']);
      const text = choices
        .map((choice) => fields(choice['delta'] ?? choice['message']))
        .map(
          (message) =>
            words(message['content']) +
            words(message['reasoning_content']) +
            list(message['tool_calls'])
              .map((call) => words(fields(call['function'])['arguments']))
              .join(''),
        )
        .join('');
      return { text, ...(usage && { usage, isOver: true }) };
    },
  },
  responses: {
    path: '/responses',
    provider: 'chat',
    bounds: ['max_output_tokens'],
    asks: (question) => lengthOf(question['input']),
    hear(said) {
      const type = words(said['type']);
      if (type.endsWith('.delta')) return { text: words(said['delta']) };
      const whole = said['object'] === 'response' ? said : fields(said['response']);
      if (!whole['usage']) return {};
      return { usage: openaiUsage(whole['usage'], 'input_tokens', 'output_tokens'), isOver: true };
    },
  },
};

/** What is asked, as far as it has to be understood to be paid for. */
export class PassedQuestion {
  readonly wire: PassedWire;
  readonly #fields: Record<string, unknown>;
  #bytes: Buffer | undefined;

  constructor(wire: PassedWire, body: Buffer) {
    this.wire = wire;
    this.#fields = questionIn(body);
    if (this.#fields['background'] === true) {
      throw new Problem(
        'invalid_input',
        'What is answered in the background is heard by nobody here.',
        'Ask without “background”.',
      );
    }
    if (typeof this.#fields['model'] !== 'string' || this.#fields['model'] === '') {
      throw new Problem('invalid_input', 'The question names no model.', 'Give it as “model”.');
    }
  }

  get model(): string {
    return String(this.#fields['model']);
  }

  get streams(): boolean {
    return this.#fields['stream'] === true;
  }

  get messages(): number {
    return passedWires[this.wire].asks(this.#fields);
  }

  /** How long its answer may be; null: it does not say. */
  get output(): number | null {
    for (const name of passedWires[this.wire].bounds) {
      const bound = this.#fields[name];
      if (typeof bound === 'number' && Number.isSafeInteger(bound) && bound > 0) return bound;
    }
    return null;
  }

  /** So many at once are asked for; each may be as long as its bound says. */
  get answers(): number {
    return Math.max(1, ...['n', 'best_of'].map((name) => count(this.#fields[name]) ?? 1));
  }

  /** Whether it goes on with something that lies with its provider. */
  get goesOn(): boolean {
    return ['previous_response_id', 'conversation', 'prompt', 'container'].some((name) =>
      Boolean(this.#fields[name]),
    );
  }

  /** Thinking counts into the answer, and its own bound has to be below that of the answer. */
  get thinking(): number {
    return count(fields(this.#fields['thinking'])['budget_tokens']) ?? 0;
  }

  /** How many tokens it holds at most. */
  get input(): number {
    return tokensIn(this.#fields);
  }

  name(model: string): void {
    if (model !== this.model) this.#set('model', model);
  }

  bound(output: number, usual: string | null): void {
    const { bounds } = passedWires[this.wire];
    const said = bounds.find((name) => this.#fields[name] !== undefined);
    this.#set(said ?? (usual !== null && bounds.includes(usual) ? usual : bounds[0]!), output);
  }

  /** As it was understood here: a name that is given twice means one thing here and another elsewhere. */
  get bytes(): Buffer {
    return (this.#bytes ??= Buffer.from(JSON.stringify(this.#fields)));
  }

  #set(name: string, value: unknown): void {
    this.#fields[name] = value;
    this.#bytes = undefined;
  }
}

function questionIn(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Problem('invalid_input', 'The question is not JSON.', 'Send JSON in UTF-8.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Problem('invalid_input', 'The question is no object of JSON.');
}

/** Bytes of a token, rather too few: an estimate may be too high, a budget never exceeded. */
const bytesPerToken = 2.5;
const tokensPerImage = 2_500;
const embedded = /^(?:data:|[A-Za-z0-9+/]{2000,}={0,2}$)/;

/** Pictures and files count as such, not by the letters that carry them. */
function tokensIn(question: Fields): number {
  let tokens = 0;
  const text = JSON.stringify(question, (_, value: unknown) => {
    if (typeof value !== 'string' || value.length < 2000 || !embedded.test(value.slice(0, 2100)))
      return value;
    tokens += Math.max(tokensPerImage, Math.ceil(value.length / 400));
    return '';
  });
  return tokens + Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}
