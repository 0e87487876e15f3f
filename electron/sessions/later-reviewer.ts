import type { Reviewer } from './reviewer.ts';

/** Made when the first review is looked at: most lives see none. */
export function laterReviewer(make: () => Promise<Reviewer>): Reviewer {
  let made: Promise<Reviewer> | undefined;
  const reviewer = (): Promise<Reviewer> => (made ??= make());
  return {
    changes: async (kept) => (await reviewer()).changes(kept),
    text: async (kept, key) => (await reviewer()).text(kept, key),
    apply: async (kept, keys) => (await reviewer()).apply(kept, keys),
    copy: async (kept, to, signal) => (await reviewer()).copy(kept, to, signal),
    discard: async (kept) => (await reviewer()).discard(kept),
  };
}
