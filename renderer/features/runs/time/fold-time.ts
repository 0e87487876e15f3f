/** One stretch in which something was at work. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Time as it is drawn: where nothing was at work for long, only a fold is shown. */
export interface FoldedTime {
  readonly pieces: readonly (Stretch & {
    readonly folded: boolean;
    readonly left: number;
    readonly right: number;
  })[];
}

/** Of the whole line, what a fold takes. */
const foldWidth = 0.028;
/** A pause is folded from this part of the time at work on, and never below so many milliseconds. */
const foldedFrom = 0.12;
const leastFolded = 4000;

/** From 0 at the beginning to 1 at the end. */
export function foldTime(stretches: readonly Stretch[], whole: Stretch): FoldedTime {
  const busy = joined(stretches, whole);
  const worked = busy.reduce((sum, { from, to }) => sum + to - from, 0);
  const threshold = Math.max(leastFolded, worked * foldedFrom);
  const raw: (Stretch & { folded: boolean })[] = [];
  let at = whole.from;
  for (const { from, to } of [...busy, { from: whole.to, to: whole.to }]) {
    if (from > at) raw.push({ from: at, to: from, folded: from - at >= threshold });
    if (to > from) raw.push({ from, to, folded: false });
    at = Math.max(at, to);
  }
  const folds = raw.filter(({ folded }) => folded).length;
  const width = folds * foldWidth > 0.5 ? 0.5 / Math.max(1, folds) : foldWidth;
  const open = raw.reduce((sum, { from, to, folded }) => sum + (folded ? 0 : to - from), 0);
  let left = 0;
  const pieces = raw.map((piece) => {
    const share = piece.folded
      ? width
      : open === 0
        ? 1
        : ((piece.to - piece.from) / open) * (1 - folds * width);
    const placed = { ...piece, left, right: left + share };
    left += share;
    return placed;
  });
  return { pieces };
}

function joined(stretches: readonly Stretch[], whole: Stretch): Stretch[] {
  const inside = stretches
    .map(({ from, to }) => ({ from: Math.max(from, whole.from), to: Math.min(to, whole.to) }))
    .filter(({ from, to }) => to >= from)
    .toSorted((a, b) => a.from - b.from);
  const result: { from: number; to: number }[] = [];
  for (const stretch of inside) {
    const last = result.at(-1);
    if (last && stretch.from <= last.to) last.to = Math.max(last.to, stretch.to);
    else result.push({ ...stretch });
  }
  return result;
}

/** Where a moment is drawn, from 0 to 1. */
export function placeOf({ pieces }: FoldedTime, time: number): number {
  for (const { from, to, left, right } of pieces) {
    if (time <= to)
      return to === from ? left : left + ((Math.max(time, from) - from) / (to - from)) * (right - left);
  }
  return 1;
}

/** Which lane each stretch is drawn in, so that none lies over another as long as there are lanes. */
export function lanesOf(stretches: readonly Stretch[], most: number): { lanes: number[]; count: number } {
  const until: number[] = [];
  const lanes: number[] = Array.from({ length: stretches.length }, () => 0);
  const order = [...stretches.keys()].toSorted(
    (a, b) => (stretches[a]?.from ?? 0) - (stretches[b]?.from ?? 0),
  );
  for (const index of order) {
    const { from = 0, to = 0 } = stretches[index] ?? {};
    let lane = until.findIndex((end) => end <= from);
    if (lane < 0 && until.length < most) lane = until.length;
    // Too many at once: the one that is free soonest is shared.
    if (lane < 0) lane = until.indexOf(Math.min(...until));
    until[lane] = Math.max(until[lane] ?? 0, to);
    lanes[index] = lane;
  }
  return { lanes, count: until.length };
}
