import type { Approval } from '../../shared/approval.ts';

const mostLine = 120;
const mostPlace = 80;
/** Nothing that hides, turns round or moves what stands beside it. */
const plain = /^[\p{L}\p{N}\p{P}\p{S}]+( [\p{L}\p{N}\p{P}\p{S}]+)*$/u;

/** A call as one line and where it would happen, if that is all there is to know of it; null where a page has to be looked at. */
export function shownWhole({
  kind,
  whole,
  line,
  folder,
  where,
  agent,
}: Approval): { line: string; place: string } | null {
  const place = folder === null ? where : `in ${folder}`;
  const fits = line.length <= mostLine && place.length <= mostPlace;
  if (kind !== 'call' || !whole || !fits) return null;
  return [line, place, agent].every((text) => plain.test(text)) ? { line, place } : null;
}
