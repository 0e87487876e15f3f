import type { Limits } from '../../shared/capability.ts';

/** The narrower of two limits in each respect. */
export function narrower(a: Limits, b: Limits): Limits {
  return {
    uses: least(a.uses, b.uses),
    perMinute: least(a.perMinute, b.perMinute),
    expires: expiryOf(a) <= expiryOf(b) ? a.expires : b.expires,
  };
}

/** When it ends, in milliseconds; never is infinity. */
export function expiryOf({ expires }: Limits): number {
  return expires === null ? Infinity : Date.parse(expires);
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
