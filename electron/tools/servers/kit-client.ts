import type { Client as KitClient, Transport } from '@modelcontextprotocol/client';
import { Problem } from '../../../shared/problem.ts';
import { version } from '../../base/version.ts';
import { endedEarly } from './told-ends.ts';
import { type FoundTool, foundTool, mostTools } from './told-tool.ts';
import { kitsOwnTimeout } from './within-time.ts';

/** Lists have so many pages at most: a server that always names a further one is not followed. */
const mostPages = 20;
const probeMs = 5000;

/** What each request is given: whoever asks ends it by the signal. */
export interface KitOptions {
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export interface KitWishes {
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
  const { older, refused, toolsChanged } = wishes;
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
  // Asked which protocol it speaks, a server is waited for whatever the signal says.
  const stop = () => void transport.close().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect(transport, { timeout: kitsOwnTimeout, signal });
    signal.throwIfAborted();
    return client;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Whether it answers anything at all. */
export async function answers(client: KitClient, options: KitOptions): Promise<boolean> {
  try {
    await (client.getProtocolEra() === 'modern' ? client.discover(options) : client.ping(options));
    return true;
  } catch (thrown) {
    return isAnswer(thrown);
  }
}

/** What it asks for instead of answering, where it does. */
export function inputWanted(given: unknown): string[] | null {
  if (typeof given !== 'object' || given === null) return null;
  const { resultType, inputRequests } = given as {
    resultType?: unknown;
    inputRequests?: Readonly<Record<string, { method?: unknown }>>;
  };
  if (resultType !== 'input_required') return null;
  return Object.values(inputRequests ?? {}).map(({ method }) => String(method).slice(0, 200));
}

/** It said no, and so it is there. */
export function isAnswer(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    thrown.name === 'ProtocolError' &&
    (thrown as Error & { code?: unknown }).code !== endedEarly
  );
}

export async function listTools(client: KitClient, options: KitOptions): Promise<FoundTool[]> {
  if (!client.getServerCapabilities()?.tools) return [];
  const { tools } = await client.listTools(undefined, { ...options, cacheMode: 'bypass' });
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
