import type { AgentSession } from '../../../shared/agent-session.ts';
import { dollars } from '../../../shared/money-words.ts';

export function costWords({ cost, usage }: Pick<AgentSession, 'cost' | 'usage'>): string {
  const tokens = `${tokensOf(usage.input)} in, ${tokensOf(usage.output)} out`;
  return `${tokens}, ${cost === null ? 'price unknown' : dollars(cost)}`;
}

export function tokensOf(count: number): string {
  return count < 1000 ? String(count) : `${(count / 1000).toFixed(count < 10_000 ? 1 : 0)} k`;
}

export function millisecondsOf(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
