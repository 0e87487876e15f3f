import type { EscalationSignal, Role } from '../../../shared/role.ts';
import { escalationSignals } from '../../../shared/role.ts';
import type { RunOutcome, RunOutcomeLabel } from '../../../shared/run.ts';
import type { CheckedPart } from '../../planning/checked-plan.ts';
import type { PartEnd } from './part-attempt.ts';

/** Why a part of a run failed for good. */
export interface Failure {
  readonly name: string;
  readonly outcome: RunOutcome;
  /** Whether another plan may mend it. */
  readonly correctable: boolean;
  readonly signals: readonly EscalationSignal[];
}

/** No other plan gives back a budget, an answer of a person, or a machine. */
const terminal: ReadonlySet<RunOutcomeLabel> = new Set([
  'budget_exhausted',
  'blocked',
  'cancelled',
  'infrastructure_failure',
]);

export function failureOf(name: string, end: PartEnd, outcome: RunOutcome): Failure {
  return { name, outcome, correctable: isCorrectable(outcome), signals: end.signals };
}

export function isCorrectable({ label }: RunOutcome): boolean {
  return !terminal.has(label);
}

/** Why it is tried once more, in words; null where it is not. */
export function againBecause({ role }: CheckedPart, end: PartEnd, attempt: number): string | null {
  const { attempts, on } = role.retry;
  if (end.retry === null || attempt >= attempts) return null;
  if (!on.includes('any') && !on.includes(end.retry)) return null;
  const words = `${end.outcome.reason ?? 'It failed.'} It is tried again, ${attempt + 1} of ${attempts}.`;
  return words.slice(-1000);
}

export interface Step {
  readonly tier: number;
  readonly said: { fromTier: string; toTier: string; fromModel: string; toModel: string; reason: string };
}

/** One step up the ladder of its role's models, where what was seen of the failure calls for it. */
export function escalated(role: Role, tier: number, signals: readonly EscalationSignal[]): Step | null {
  const seen = escalationSignals.find(
    (signal) => role.escalateOn.includes(signal) && signals.includes(signal),
  );
  const [from, to] = [role.models[tier], role.models[tier + 1]];
  if (seen === undefined || from === undefined || to === undefined) return null;
  const said = {
    fromTier: String(tier),
    toTier: String(tier + 1),
    fromModel: from,
    toModel: to,
    reason: seen,
  };
  return { tier: tier + 1, said };
}
