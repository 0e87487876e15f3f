import type { ApprovalLevel } from '../../../shared/approval.ts';
import type { Crossing } from '../asking.ts';
import type { Part } from './part.ts';

export interface AsksFor {
  /** Whether this part needs a rule or a person. */
  readonly part: (part: Part) => boolean;
  /** Why it asks, or why a part needs nothing: a sentence. */
  readonly why: string;
  /** Why nothing asks, where nothing does. */
  readonly free: string;
}

const everyPart = () => true;
const noPart = () => false;

export interface Asking {
  readonly level: ApprovalLevel;
  readonly crossings: readonly Crossing[];
  readonly action: boolean;
  readonly surface: 'sandbox' | 'broker' | 'none';
}

/** Which parts of a call need somebody's leave at this level. Actions and what is declared to ask always do. */
export function asksFor({ level, crossings, action, surface }: Asking, parts: readonly Part[]): AsksFor {
  const counting = crossings.filter((crossing) => counts(level, crossing));
  const acts =
    action &&
    (level !== 'never' ||
      !crossings.every(({ disposable }) => disposable === true) ||
      crossings.length === 0);
  const free = freeWords(level);
  if (level === 'everything') {
    const why =
      counting.length > 0
        ? becauseOf(counting)
        : 'it is asked because this level asks for everything with an effect';
    const reads = counting.some(({ kind }) => kind === 'wider' || kind === 'declared');
    const idle = surface === 'none' && !action && counting.length === 0;
    return { part: ({ kind }) => reads || !(kind === 'read' || (kind === 'call' && idle)), why, free };
  }
  if (counting.length === 0 && !acts) return { part: noPart, why: free, free };
  const why =
    counting.length > 0
      ? becauseOf(counting)
      : 'it is asked because it is an action, which cannot be taken back';
  return { part: partsOf(counting, acts, parts), why, free };
}

function counts(level: ApprovalLevel, { kind, disposable }: Crossing): boolean {
  switch (level) {
    case 'everything':
    case 'boundaries':
      return true;
    case 'actions':
      return kind === 'action' || kind === 'declared';
    case 'never':
      return disposable !== true;
  }
}

function partsOf(
  crossings: readonly Crossing[],
  acts: boolean,
  parts: readonly Part[],
): (part: Part) => boolean {
  const kinds = new Set(crossings.map(({ kind }) => kind));
  if (acts) kinds.add('action');
  if (kinds.has('wider') || kinds.has('declared')) return everyPart;
  const needs = [...kinds].map((kind) => crossedBy(kind, parts));
  return (part) => !(part.kind === 'command' && part.harmless) && needs.some((need) => need(part));
}

/** What a crossing is about; where no part is of its kind, it is about the commands, or else about every part. */
function crossedBy(kind: Crossing['kind'], parts: readonly Part[]): (part: Part) => boolean {
  if (parts.some((part) => crossed(kind, part))) return (part) => crossed(kind, part);
  return parts.some((part) => part.kind === 'command') ? (part) => part.kind === 'command' : everyPart;
}

function crossed(kind: Crossing['kind'], part: Part): boolean {
  switch (kind) {
    case 'wider':
    case 'declared':
      return true;
    case 'command':
      return part.kind === 'command' || part.kind === 'write';
    case 'write':
      return part.kind === 'write';
    case 'host':
      return part.kind === 'host';
    case 'spawn':
      return part.kind === 'spawn' || part.kind === 'message';
    case 'action':
      return part.kind === 'action' || part.kind === 'call' || part.kind === 'host';
  }
}

function becauseOf(crossings: readonly Crossing[]): string {
  return `it is asked because it ${crossings.map(({ words }) => words).join(', and ')}`;
}

function freeWords(level: ApprovalLevel): string {
  switch (level) {
    case 'everything':
      return 'it has no effect outside of Holdfast';
    case 'boundaries':
      return 'it crosses no boundary';
    case 'actions':
      return 'only actions and what is declared to ask is asked at this level';
    case 'never':
      return 'nothing is asked at this level: whatever it does can be thrown away';
  }
}
