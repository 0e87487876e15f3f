import type { AssistantMessage, CallPart } from '../../../shared/conversation.ts';
import type { Id } from '../../../shared/ids.ts';
import { ModelFailure } from './model-failure.ts';

/** What one answer may hold in all; more is nobody's answer. */
const mostCharacters = 16_000_000;
const mostParts = 2_000;
const mostCalls = 256;
/** JSON deeper than this is refused before anything walks through it. */
const deepest = 100;

type Part =
  | { kind: 'text'; pieces: string[] }
  | { kind: 'thinking'; pieces: string[]; seal: string | null }
  | { kind: 'call'; tool: string; pieces: string[]; call: Id<'call'> };

/** Puts an answer together from what streams in, by the provider's own number for each part. Bounded. */
export class AnswerParts {
  readonly #parts = new Map<number | string, Part>();
  #characters = 0;
  #calls = 0;

  text(at: number | string, piece: string): void {
    const part = this.#at(at, () => ({ kind: 'text', pieces: [] }));
    if (part.kind !== 'text') throw mixedUp();
    part.pieces.push(this.#counted(piece));
  }

  thinking(at: number | string, piece: string, seal: string | null = null): void {
    const part = this.#at(at, () => ({ kind: 'thinking', pieces: [], seal: null }));
    if (part.kind !== 'thinking') throw mixedUp();
    part.pieces.push(this.#counted(piece));
    if (seal !== null) part.seal = this.#counted(seal);
  }

  begin(at: number | string, tool: string, call: () => Id<'call'>): void {
    if (this.#parts.has(at)) throw mixedUp();
    if (++this.#calls > mostCalls)
      throw new ModelFailure('malformed', `The answer has more than ${mostCalls} calls.`);
    this.#at(at, () => ({ kind: 'call', tool: this.#counted(tool), pieces: [], call: call() }));
  }

  argumentsOf(at: number | string, piece: string): void {
    const part = this.#parts.get(at);
    if (part?.kind !== 'call') throw mixedUp();
    part.pieces.push(this.#counted(piece));
  }

  get calls(): number {
    return this.#calls;
  }

  finished(): AssistantMessage['parts'] {
    return [...this.#parts.values()].flatMap((part): AssistantMessage['parts'] => {
      const text = part.pieces.join('').toWellFormed();
      if (part.kind === 'text') return text === '' ? [] : [{ kind: 'text', text }];
      if (part.kind === 'thinking')
        return text === '' && part.seal === null ? [] : [{ kind: 'thinking', text, seal: part.seal }];
      return [{ kind: 'call', call: part.call, tool: part.tool.toWellFormed(), ...readArguments(text) }];
    });
  }

  #at(at: number | string, make: () => Part): Part {
    const known = this.#parts.get(at);
    if (known) return known;
    if (this.#parts.size >= mostParts)
      throw new ModelFailure('malformed', `The answer has more than ${mostParts} parts.`);
    const made = make();
    this.#parts.set(at, made);
    return made;
  }

  #counted(piece: string): string {
    this.#characters += piece.length;
    if (this.#characters > mostCharacters)
      throw new ModelFailure('malformed', `The answer is longer than ${mostCharacters} characters.`);
    return piece;
  }
}

const mixedUp = () => new ModelFailure('malformed', 'The parts of the answer are mixed up.');

/** A call's arguments, or what is wrong with them, in words that the model reads. */
export function readArguments(text: string): Pick<CallPart, 'input' | 'malformed'> {
  if (text.trim() === '') return { input: {}, malformed: null };
  const wrong = (malformed: string) => ({ input: {}, malformed });
  let value: unknown;
  try {
    value = JSON.parse(text, storable);
  } catch (failure) {
    return wrong(`The arguments are not JSON: ${(failure as Error).message.slice(0, 300).toWellFormed()}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong('The arguments are not a JSON object.');
  if (deeperThan(value, deepest)) return wrong(`The arguments are nested deeper than ${deepest} levels.`);
  return { input: value as CallPart['input'], malformed: null };
}

/** What the record could not keep is no argument either. */
function storable(key: string, value: unknown): unknown {
  if (!key.isWellFormed()) throw new SyntaxError('a key has half a character in it');
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new SyntaxError(`the number of “${key}” is too large`);
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => deeperThan(inner, levels - 1));
}
