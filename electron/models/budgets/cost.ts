import type { Usage } from '../../../shared/conversation.ts';
import type { Price } from '../known/known-schema.ts';

/** Dollars per million tokens are millionths of a dollar per token. */
export function costOf(usage: Usage, price: Price | null): number | null {
  if (!price) return null;
  const { above } = price;
  const rates = above && usage.input > above.tokens ? above : price;
  const fresh = Math.max(0, usage.input - usage.cacheRead - usage.cacheWrite);
  const sum =
    fresh * rates.input +
    usage.cacheRead * (rates.cache_read ?? rates.input) +
    usage.cacheWrite * (rates.cache_write ?? rates.input) +
    usage.output * rates.output;
  return Math.max(0, Math.ceil(sum - 1e-6));
}

/** What so many tokens cost at most: everything written into the cache, nothing read from it. */
export function worstCost(input: number, output: number, price: Price | null): number | null {
  if (!price) return null;
  const { above } = price;
  const tiers = above && input > above.tokens ? [above] : [price];
  const costs = tiers.map(
    (rates) => input * Math.max(rates.input, rates.cache_write ?? 0) + output * rates.output,
  );
  return Math.ceil(Math.max(...costs));
}

/** How many tokens of an answer so much money pays for, beside its question. */
export function affordable(micros: number, input: number, price: Price): number {
  const left = micros - (worstCost(input, 0, price) ?? 0);
  if (left < 0) return -1;
  const rate = price.above && input > price.above.tokens ? price.above.output : price.output;
  return rate === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(left / rate);
}
