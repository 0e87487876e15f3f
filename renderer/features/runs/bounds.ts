import { dollars } from '../../../shared/money-words.ts';
import { boundsOf, type Run, type RunBounds } from '../../../shared/run.ts';
import { durationWords } from '../../bridge/run-standing.ts';
import { countOf } from '../../ui/words.ts';

type Bound = keyof RunBounds;

export const boundLabels: Readonly<Record<Bound, string>> = {
  tokens: 'In tokens',
  micros: 'In dollars',
  seconds: 'In minutes, from its start',
};

/** As it is written in a field. */
export function boundText(bound: Bound, value: number): string {
  if (bound === 'micros') return String(value / 1_000_000);
  return String(bound === 'seconds' ? value / 60 : value);
}

/** Null where it is none. */
export function readBound(bound: Bound, text: string): number | null {
  if (bound === 'tokens') return /^[1-9]\d{0,11}$/.test(text) ? Number(text) : null;
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) return null;
  const value = Math.round(Number(text) * (bound === 'micros' ? 1_000_000 : 60));
  return value > 0 ? value : null;
}

/** Whether there is anything to raise, and anything that it would change. */
export function canRaise({ ceiling, outcome }: Pick<Run, 'ceiling' | 'outcome'>): boolean {
  return outcome?.label !== 'success' && Object.values(boundsOf(ceiling)).some((bound) => bound !== null);
}

/** Whether it ended because there was no more. */
export const ranOut = ({ outcome }: Pick<Run, 'outcome'>): boolean =>
  outcome?.label === 'budget_exhausted' || outcome?.label === 'timed_out';

/** `50,000 tokens, $2.00, 10:00 from its start`; empty where it has no bound. */
export function boundsWords({ tokens, micros, seconds }: RunBounds): string {
  return [
    ...(tokens === null ? [] : [`${countOf(tokens)} tokens`]),
    ...(micros === null ? [] : [dollars(micros)]),
    ...(seconds === null ? [] : [`${durationWords(seconds * 1000)} from its start`]),
  ].join(', ');
}
