import type { McpServing } from '../../../../shared/mcp.ts';
import type { DotTone } from '../../../ui/Dot.tsx';

/** Whether Holdfast listens, as a mark and in words that an address may follow. */
export function servingStanding({ on, address }: McpServing): { tone: DotTone; words: string } {
  if (address) return { tone: 'good', words: 'It listens at' };
  return on ? { tone: 'waits', words: 'It does not listen' } : { tone: 'quiet', words: 'It is switched off' };
}
