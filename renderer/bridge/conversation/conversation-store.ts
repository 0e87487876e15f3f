import type { SessionNews, TranscriptEntry } from '../../../shared/agent-session.ts';

/** What of a conversation is on the page: its entries by their order, and what is being written now. */
export interface Conversation {
  readonly entries: readonly TranscriptEntry[];
  /** Where the page before begins; null at the beginning of the conversation. */
  readonly before: number | null;
  readonly writing: string;
  readonly thinking: string;
}

export const emptyConversation: Conversation = { entries: [], before: null, writing: '', thinking: '' };

/** Several news at once: a fast model sends hundreds between two frames. */
export function withNews(before: Conversation, news: readonly SessionNews[]): Conversation {
  let { writing, thinking } = before;
  const changed = new Map<string, TranscriptEntry>();
  for (const each of news) {
    if (each.kind === 'entry') changed.set(keyOf(each.entry), each.entry);
    else if (each.kind === 'writing') {
      writing += each.text;
      thinking += each.thinking;
    } else if (each.kind === 'void') writing = thinking = '';
  }
  if (changed.size === 0) return { ...before, writing, thinking };
  return { ...before, entries: joined(before.entries, [...changed.values()]), writing, thinking };
}

export function withPage(
  before: Conversation,
  page: { entries: readonly TranscriptEntry[]; before: number | null },
): Conversation {
  return { ...before, entries: joined(page.entries, before.entries), before: page.before };
}

/** What comes later stands in the place of what was known before. */
function joined(known: readonly TranscriptEntry[], later: readonly TranscriptEntry[]): TranscriptEntry[] {
  const all = new Map(known.map((entry) => [keyOf(entry), entry]));
  for (const entry of later) all.set(keyOf(entry), entry);
  return [...all.values()].toSorted((a, b) => a.seq - b.seq || places[a.kind] - places[b.kind]);
}

/** Calls stand behind the answer that they are part of, with its number. */
export function keyOf(entry: TranscriptEntry): string {
  return entry.kind === 'call' ? entry.card.call : String(entry.seq);
}

const places: Record<TranscriptEntry['kind'], number> = { person: 0, answer: 0, call: 1, note: 2 };
