import { dollars } from '../../../../shared/money-words.ts';
import { plural } from '../../../../shared/plural.ts';
import type { RunSubtask } from '../../../../shared/run.ts';
import { durationWords, partStanding, tookOf } from '../../../bridge/run-standing.ts';
import type { NodeLook } from './draw-graph.ts';

/** What is seen of each part in the graph. */
export function looksOf(parts: readonly RunSubtask[], now: number): ReadonlyMap<string, NodeLook> {
  const open = new Set(parts.filter(({ state }) => state !== 'done').map(({ name }) => name));
  return new Map(
    parts.map((part) => [
      part.name,
      {
        title: part.title,
        facts: factsOf(part, open, now),
        tone: partStanding(part).tone,
        pending: part.state === 'waiting' || part.state === 'skipped' || part.state === 'cancelled',
      },
    ]),
  );
}

function factsOf(part: RunSubtask, open: ReadonlySet<string>, now: number): string[] {
  const { role, state, dependsOn, usage, cost, kept } = part;
  if (state === 'waiting') {
    const waits = dependsOn.filter((name) => open.has(name)).length;
    return waits > 0 ? [role, `waits for ${waits}`] : [role];
  }
  if (state === 'skipped') return [role, 'left out'];
  if (state === 'cancelled') return [role, 'stopped'];
  if (kept) return [role, 'kept'];
  const took = tookOf(part, now);
  return [
    role,
    ...(took === null ? [] : [durationWords(took)]),
    usage.input + usage.output === 0
      ? state === 'done'
        ? 'no model'
        : ''
      : cost === null
        ? plural(usage.input + usage.output, 'token')
        : dollars(cost),
  ].filter((fact) => fact !== '');
}

/** How long each part took by now, for the critical path. */
export const durationsOf = (parts: readonly RunSubtask[], now: number): number[] =>
  parts.map((part) => tookOf(part, now) ?? 0);
