import type { ToolServerRow } from '../../../../../shared/tool-server.ts';
import type { DotTone } from '../../../../ui/Dot.tsx';
import { plural } from '../../../../ui/words.ts';

/** How a server stands, in words and as a mark. */
export function serverStanding({ state, changed }: ToolServerRow): { words: string; tone: DotTone } {
  switch (state) {
    case 'ready':
      return changed > 0
        ? { words: 'is ready, and waits for your look', tone: 'waits' }
        : { words: 'is ready', tone: 'good' };
    case 'starting':
      return { words: 'is starting', tone: 'running' };
    case 'idle':
      return changed > 0
        ? { words: 'rests, and waits for your look', tone: 'waits' }
        : { words: 'rests until it is asked for', tone: 'quiet' };
    case 'waiting':
      return { words: 'failed, and is tried again', tone: 'refused' };
    case 'signing':
      return { words: 'waits until you sign in', tone: 'waits' };
    case 'off':
      return { words: 'is switched off', tone: 'quiet' };
    case 'broken':
      return { words: 'cannot be read', tone: 'refused' };
  }
}

export const kindWords = {
  stdio: 'a command in a sandbox',
  http: 'over HTTP',
  sse: 'over HTTP with server-sent events',
} as const;

/** How many tools it has, and how many of them a person has to look at. */
export function toolsWords({ tools, changed }: ToolServerRow): string {
  if (tools === null) return 'its tools are not known yet';
  return `${plural(tools, 'tool')}${changed > 0 ? `, ${plural(changed, 'that waits', 'that wait')} for your look` : ''}`;
}
