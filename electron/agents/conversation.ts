import type { AssistantMessage, CallPart, ContentPart, Stop, TextPart } from '../../shared/conversation.ts';
import type { Id } from '../../shared/ids.ts';
import { callHash } from './call-hash.ts';
import type { JournalEntry, Settlement, Written } from './journal.ts';

/** What stands in a conversation, in order. */
export type Item = SaidItem | AnswerItem;

export interface SaidItem {
  readonly kind: 'said';
  readonly seq: number;
  /** Where what was said is on the record. */
  readonly from: number;
  readonly parts: readonly ContentPart[];
}

export interface AnswerItem {
  readonly kind: 'answer';
  readonly seq: number;
  readonly message: AssistantMessage;
  readonly calls: readonly CallState[];
  /** What the whole conversation counted when it was asked for, and what it answered. */
  readonly tokens: { readonly input: number; readonly output: number };
}

/** One call of an answer, from the model’s words to its result. */
export interface CallState {
  part: CallPart;
  invoked: Written<Extract<JournalEntry, { kind: 'invoked' }>> | null;
  finished: Written<Extract<JournalEntry, { kind: 'finished' }>> | null;
  doubted: boolean;
  settled: Settlement | null;
}

/** The turn that is under way. */
export interface TurnState {
  readonly started: Date;
  iterations: number;
  tokens: number;
  nudges: number;
  continuations: number;
  empty: number;
  /** How the last answer ended, while nothing was said since. */
  stopped: Stop | null;
  /** The skill that was read last: it may say which tools are used until another is read. */
  readonly skills: Set<string>;
  /** Tools that were called with success. */
  readonly used: Set<string>;
  /** How often each call was made the same way, by the hash of tool and input. */
  readonly repeats: Map<string, number>;
}

export interface Summary {
  readonly seq: number;
  readonly text: string;
  readonly range: readonly [number, number];
}

const erased = (what: string): TextPart[] => [{ kind: 'text', text: `(${what} is no longer on the record)` }];

const erasedMessage = erased('what was said here');

const erasedAnswer: AssistantMessage = { role: 'assistant', parts: erased('this answer') };

const erasedSummary = '(the summary of what was before is no longer on the record)';

const skillTool = 'skill_read';

/**
 * A conversation as its journal tells it. Every entry is applied as it was written, in this life and in the next,
 * so that what is resumed is what was left.
 */
export class Conversation {
  readonly #inbox = new Map<number, { from: string; parts: readonly ContentPart[] }>();
  readonly #calls = new Map<Id<'call'>, CallState>();
  #items: Item[] = [];
  #summary: Summary | null = null;
  #turn: TurnState | null = null;
  #model: string | null = null;
  #lastTurn: Pick<Extract<JournalEntry, { kind: 'turn_finished' }>, 'stopReason' | 'iterations'> | null =
    null;

  get items(): readonly Item[] {
    return this.#items;
  }

  get summary(): Summary | null {
    return this.#summary;
  }

  get turn(): TurnState | null {
    return this.#turn;
  }

  /** How the turn before ended; null where there was none. */
  get lastTurn(): { readonly stopReason: string; readonly iterations: number } | null {
    return this.#lastTurn;
  }

  /** Which model answered last. */
  get model(): string | null {
    return this.#model;
  }

  get waiting(): readonly { seq: number; from: string; parts: readonly ContentPart[] }[] {
    return [...this.#inbox].map(([seq, message]) => ({ seq, ...message }));
  }

  call(id: Id<'call'>): CallState | undefined {
    return this.#calls.get(id);
  }

  /** Calls of the last answer that have no result yet, in order. */
  get openCalls(): readonly CallState[] {
    const last = this.#items.findLast((item) => item.kind === 'answer');
    return last?.calls.filter(({ finished }) => !finished) ?? [];
  }

  apply(entries: readonly Written[]): void {
    for (const entry of entries) this.#apply(entry);
  }

  /** What these blobs of this event said was erased: from now on nobody here knows it. */
  forget(seq: number, blobs: ReadonlySet<string>): void {
    if (blobs.has('message.json')) {
      const waiting = this.#inbox.get(seq);
      if (waiting) this.#inbox.set(seq, { ...waiting, parts: erasedMessage });
    }
    const before = this.#items.find((item) => item.kind === 'answer' && item.seq === seq);
    this.#items = this.#items.map((item) => withoutWords(item, seq, blobs));
    const after = this.#items.find((item) => item.kind === 'answer' && item.seq === seq);
    if (before?.kind === 'answer' && after?.kind === 'answer' && after.calls.length === 0)
      for (const { part } of before.calls) this.#calls.delete(part.call);
    for (const call of this.#calls.values()) {
      if (blobs.has('input.json') && call.invoked?.seq === seq)
        call.invoked = { ...call.invoked, input: null };
      if (blobs.has('result.json') && call.finished?.seq === seq)
        call.finished = { ...call.finished, content: null, shown: null };
    }
    if (blobs.has('summary.txt') && this.#summary?.seq === seq)
      this.#summary = { ...this.#summary, text: erasedSummary };
  }

  #apply(entry: Written): void {
    switch (entry.kind) {
      case 'message':
        return this.#message(entry);
      case 'turn_started':
        return this.#begin(entry);
      case 'answer':
        return this.#answer(entry);
      case 'invoked':
        return this.#change(entry.call, (call) => {
          call.invoked = entry;
          call.doubted = false;
          call.settled = null;
        });
      case 'finished':
        return this.#change(entry.call, (call) => {
          call.finished = entry;
          this.#count(call, entry.ok);
        });
      case 'doubted':
        return this.#change(entry.call, (call) => (call.doubted = true));
      case 'settled':
        return this.#change(entry.call, (call) => (call.settled = entry.decision));
      case 'resumed':
        if (entry.lost.length > 0) this.#say(entry.seq, lostText(entry.lost));
        return;
      case 'sandbox_ended':
        return this.#say(entry.seq, sandboxText(entry.reason));
      case 'summarized':
        return this.#summarized(entry);
      case 'turn_finished':
        this.#turn = null;
        this.#lastTurn = entry;
        break;
      case 'aside':
      case 'repeated':
      case 'summary_failed':
    }
  }

  #message({ seq, way, from, parts }: Written<Extract<JournalEntry, { kind: 'message' }>>): void {
    const said = parts ?? erasedMessage;
    if (way === 'inbox') return void this.#inbox.set(seq, { from, parts: said });
    if (this.#turn) {
      this.#turn.stopped = null;
      if (way === 'nudge') this.#turn.nudges++;
      else this.#turn.continuations++;
    }
    this.#items.push({ kind: 'said', seq, from: seq, parts: said });
  }

  #begin({ seq, taken, time }: Written<Extract<JournalEntry, { kind: 'turn_started' }>>): void {
    const counts = { iterations: 0, tokens: 0, nudges: 0, continuations: 0, empty: 0, stopped: null };
    this.#turn = { started: time, ...counts, skills: new Set(), used: new Set(), repeats: new Map() };
    for (const number of taken) {
      const message = this.#inbox.get(number);
      if (!message) continue;
      this.#inbox.delete(number);
      this.#items.push({ kind: 'said', seq, from: number, parts: message.parts });
    }
  }

  #answer(entry: Written<Extract<JournalEntry, { kind: 'answer' }>>): void {
    const { seq, usage } = entry;
    const message = entry.message ?? erasedAnswer;
    const calls = message.parts.flatMap((part): CallState[] =>
      part.kind === 'call' ? [{ part, invoked: null, finished: null, doubted: false, settled: null }] : [],
    );
    for (const call of calls) this.#calls.set(call.part.call, call);
    this.#items.push({ kind: 'answer', seq, message, calls, tokens: usage });
    this.#model = entry.model;
    const turn = this.#turn;
    if (!turn) return;
    turn.iterations++;
    turn.tokens += usage.input + usage.output;
    turn.stopped = entry.stop;
    if (message.parts.every((part) => part.kind !== 'call' && part.text.trim() === '')) turn.empty++;
  }

  #count({ part }: CallState, ok: boolean): void {
    if (!this.#turn) return;
    const { used, skills, repeats } = this.#turn;
    if (ok) used.add(part.tool);
    const hash = callHash(part.tool, part.input);
    repeats.set(hash, (repeats.get(hash) ?? 0) + 1);
    const { skill } = part.input;
    if (!ok || part.tool !== skillTool || typeof skill !== 'string') return;
    skills.clear();
    skills.add(skill);
  }

  #change(id: Id<'call'>, change: (call: CallState) => void): void {
    const call = this.#calls.get(id);
    if (call) change(call);
  }

  #summarized({ seq, range, text }: Written<Extract<JournalEntry, { kind: 'summarized' }>>): void {
    this.#summary = {
      seq,
      range,
      text: text ?? erasedSummary,
    };
    for (const item of this.#items) {
      if (item.kind === 'answer' && item.seq <= range[1]) {
        for (const { part } of item.calls) this.#calls.delete(part.call);
      }
    }
    this.#items = this.#items.filter((item) => item.seq > range[1]);
  }

  #say(seq: number, text: string): void {
    this.#items.push({ kind: 'said', seq, from: seq, parts: [{ kind: 'text', text }] });
  }
}

/** An item without what was erased of it. Calls that are open stay, without what they were to be made with. */
function withoutWords(item: Item, seq: number, blobs: ReadonlySet<string>): Item {
  if (item.kind === 'said')
    return item.from === seq && blobs.has('message.json') ? { ...item, parts: erasedMessage } : item;
  if (item.seq !== seq || !blobs.has('answer.json')) return item;
  if (item.calls.every(({ finished }) => finished)) return { ...item, message: erasedAnswer, calls: [] };
  for (const call of item.calls) call.part = { ...call.part, input: {} };
  const parts = [...erasedAnswer.parts, ...item.calls.map(({ part }) => part)];
  return { ...item, message: { role: 'assistant', parts } };
}

function sandboxText(reason: string): string {
  return `[The sandbox was taken down: ${reason}. Processes that ran in it and its own scratch, such as /tmp, are gone; the folders are as they were. It is made anew when it is needed.]`;
}

function lostText(lost: readonly string[]): string {
  return [
    '[Holdfast was stopped and started again. What was said and done before counts; this is gone:',
    ...lost.map((each) => `- ${each}`),
    ']',
  ].join('\n');
}
