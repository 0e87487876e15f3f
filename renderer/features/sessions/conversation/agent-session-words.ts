import type { Activity, AgentSession } from '../../../../shared/agent-session.ts';
import type { DotTone } from '../../../ui/Dot.tsx';

const activityWords: Record<Activity, { words: string; tone: DotTone }> = {
  idle: { words: 'waits for a message', tone: 'quiet' },
  working: { words: 'works', tone: 'running' },
  waiting: { words: 'waits for your approval', tone: 'waits' },
  paused: { words: 'is paused', tone: 'quiet' },
  unsure: { words: 'is unsure what a call did: you decide', tone: 'waits' },
  out_of_budget: { words: 'its budget is used up', tone: 'waits' },
  ended: { words: 'has ended', tone: 'quiet' },
};

export function standingOf({ activity, detail }: AgentSession): { words: string; tone: DotTone } {
  const { words, tone } = activityWords[activity];
  return { words: detail ?? words, tone };
}

export function costWords({ cost, usage }: Pick<AgentSession, 'cost' | 'usage'>): string {
  const tokens = `${tokensOf(usage.input)} in, ${tokensOf(usage.output)} out`;
  return cost === null ? tokens : `${tokens}, ${dollars(cost)}`;
}

export function dollars(micros: number): string {
  const value = micros / 1_000_000;
  return `$${value.toFixed(value < 0.1 ? 4 : 2)}`;
}

export function tokensOf(count: number): string {
  return count < 1000 ? String(count) : `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)} k`;
}

export function millisecondsOf(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
