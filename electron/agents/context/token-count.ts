import type { ContentPart } from '../../../shared/conversation.ts';
import type { Item } from '../conversation.ts';

const lettersOfToken = 4;
/** What providers count for a picture of middling size. */
const tokensOfImage = 1600;

export function tokensOfText(text: string): number {
  return Math.ceil(text.length / lettersOfToken);
}

function tokensOfParts(parts: readonly ContentPart[]): number {
  return parts.reduce(
    (sum, part) => sum + (part.kind === 'text' ? tokensOfText(part.text) : tokensOfImage),
    0,
  );
}

function tokensOfResults(item: Item): number {
  if (item.kind !== 'answer') return 0;
  return item.calls.reduce((sum, { finished }) => sum + tokensOfParts(finished?.content ?? []), 0);
}

/** Guessed from its letters: what no provider has counted yet. */
export function guessedTokens(item: Item): number {
  if (item.kind === 'said') return tokensOfParts(item.parts);
  const own = item.message.parts.reduce((sum, part) => {
    if (part.kind === 'call') return sum + tokensOfText(part.tool + JSON.stringify(part.input));
    return sum + tokensOfText(part.text);
  }, 0);
  return own + tokensOfResults(item);
}

/**
 * What the conversation counts now: as the provider counted it last, and guessed for what came after. A count from
 * before the summary (number `since`) was of more than there is now.
 */
export function countTokens(items: readonly Item[], system: string, since: number): number {
  const at = items.findLastIndex(
    (item) => item.kind === 'answer' && item.tokens.input > 0 && item.seq > since,
  );
  const last = items[at];
  if (last?.kind !== 'answer') {
    return tokensOfText(system) + items.reduce((sum, item) => sum + guessedTokens(item), 0);
  }
  const after = items.slice(at + 1).reduce((sum, item) => sum + guessedTokens(item), 0);
  return last.tokens.input + last.tokens.output + tokensOfResults(last) + after;
}
