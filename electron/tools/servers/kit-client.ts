import type { Client as KitClient, Transport } from '@modelcontextprotocol/client';
import { Problem } from '../../../shared/problem.ts';
import { version } from '../../base/version.ts';
import { type FoundTool, foundTool, mostTools } from './told-tool.ts';

/** Lists have so many pages at most: a server that always names a further one is not followed. */
const mostPages = 20;
const probeMs = 5000;

export interface KitWishes {
  readonly timeoutMs: number;
  /** It speaks the older protocol only: it is not asked first which one it speaks. */
  readonly older: boolean;
  /** Hears that it asked for something of ours. */
  readonly refused: (asked: string) => void;
  readonly toolsChanged: () => void;
  readonly closed: () => void;
}

/** The official kit speaks the protocol; nothing of what it could do for a server by itself is offered. */
export async function connectKit(
  transport: Transport,
  wishes: KitWishes,
  signal: AbortSignal,
): Promise<KitClient> {
  const { Client } = await import('@modelcontextprotocol/client');
  const { timeoutMs, older, refused, toolsChanged } = wishes;
  const client = new Client(
    { name: 'holdfast', version },
    {
      capabilities: {},
      versionNegotiation: older ? { mode: 'legacy' } : { mode: 'auto', probe: { timeoutMs: probeMs } },
      // A server may ask for the person’s answer or for a model: that is refused, never done by itself.
      inputRequired: { autoFulfill: false },
      listMaxPages: mostPages,
      listChanged: { tools: { autoRefresh: false, debounceMs: 50, onChanged: toolsChanged } },
      // Patterns of somebody else’s schema are not run here on what they themselves answer.
      jsonSchemaValidator: {
        getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
      },
      defaultCacheTtlMs: 0,
    },
  );
  client.fallbackRequestHandler = (request) => {
    refused(request.method);
    return Promise.reject(new Error('Holdfast gives servers nothing of this kind'));
  };
  Object.assign(client, { onerror: () => undefined, onclose: () => wishes.closed() });
  await client.connect(transport, { timeout: timeoutMs, signal });
  return client;
}

export async function listTools(client: KitClient, timeoutMs: number): Promise<FoundTool[]> {
  if (!client.getServerCapabilities()?.tools) return [];
  const { tools } = await client.listTools(undefined, { timeout: timeoutMs, cacheMode: 'bypass' });
  if (tools.length > mostTools) {
    throw new Problem(
      'too_large',
      `The server has ${tools.length.toLocaleString('en')} tools; ${mostTools} are the most.`,
      'Ask whoever makes it for one with fewer.',
    );
  }
  const seen = new Map<string, FoundTool>();
  for (const each of tools) {
    const found = foundTool(each);
    const double = seen.has(found.name);
    seen.set(found.name, double ? { ...found, problem: 'Two of its tools have this name.' } : found);
  }
  return [...seen.values()];
}
