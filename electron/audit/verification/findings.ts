import type { Finding } from '../../../shared/contract/record.ts';
import { capitalised, mostFindings, type Suspect, Suspects, theEvents } from './suspect.ts';

interface Interval {
  from: number;
  to: number;
}

export interface Found {
  size: number;
  fromRanges: readonly Suspect[];
  ofTheWhole: readonly Finding[];
  /** The events between the last checkpoint that fits and the first that does not. */
  broken: Interval | null;
}

/** What the suspects of all ranges mean together, in the order of the events. */
export function findingsOf({ size, fromRanges, ofTheWhole, broken }: Found): Finding[] {
  const inBroken = ({ from, to }: Interval) => broken !== null && from <= broken.to && to >= broken.from;
  const findings: Finding[] = [...ofTheWhole];
  const tiles: Finding[] = [];
  const neighbours = new Suspects();
  for (const suspect of fromRanges) {
    // Where the signed tree does not fit either, it was not the columns or the stored tree that changed.
    if (suspect.what === 'tree_changed' && inBroken(suspect)) tiles.push(suspect);
    else if (suspect.what === 'column_changed' && inBroken(suspect))
      findings.push({ ...suspect, what: 'event_changed' });
    else if (suspect.shift !== undefined || suspect.what === 'event_missing')
      neighbours.addNeighbour(suspect);
    else findings.push(suspect);
  }
  if (broken) findings.unshift(intervalFinding(broken, tiles));
  findings.push(...neighbours.all.filter(({ shift }) => shift === undefined).map(missing));
  findings.push(...moved(neighbours.all, size));
  return findings
    .slice(0, mostFindings)
    .map(({ what, from, to, message }) => ({ what, from: place(from), to: place(to), message }))
    .toSorted((a, b) => a.from - b.from || a.to - b.to);
}

/** What was planted may stand at any number; a finding is told at one that a sequence number can be. */
const place = (seq: number): number => Math.trunc(Math.min(Math.max(seq, 0), Number.MAX_SAFE_INTEGER));

function missing({ from, to }: Interval): Finding {
  const message = `${capitalised(theEvents(from, to))} ${from === to ? 'is' : 'are'} missing.`;
  return { what: 'event_missing', from, to, message };
}

/** Events that stand elsewhere than their headers say: to the end of the record, or somewhere within it. */
function moved(groups: readonly Suspect[], size: number): Finding[] {
  const shifts = groups.flatMap(({ shift }) => shift ?? []);
  const bothWays = shifts.some((shift) => shift > 0) && shifts.some((shift) => shift < 0);
  return groups.flatMap(({ from, to, shift }): Finding[] => {
    if (shift === undefined) return [];
    const places = from === to ? `place ${from} stands` : `places ${from} to ${to} stand`;
    const stand = `In ${places} ${theEvents(from - shift, to - shift)}`;
    if (bothWays || to < size - 1) {
      return [{ what: 'event_changed', from, to, message: `${stand}: the order was changed.` }];
    }
    const many = Math.abs(shift) === 1 ? 'one event was' : `${Math.abs(shift)} events were`;
    const what = shift > 0 ? 'event_inserted' : 'event_missing';
    return [{ what, from, to, message: `${stand}: ${many} ${shift > 0 ? 'inserted' : 'removed'} before.` }];
  });
}

function intervalFinding({ from, to }: Interval, tiles: readonly Finding[]): Finding {
  const named = tiles.map((tile) => theEvents(Math.max(tile.from, from), Math.min(tile.to, to)));
  const hint =
    named.length > 0 ? ` By the stored tree, what changed lies in ${named.slice(0, 5).join(', ')}.` : '';
  const message = `${capitalised(theEvents(from, to))} are not those that were signed: the checkpoint at ${to + 1} no longer fits.${hint}`;
  return { what: 'interval_changed', from, to, message };
}
