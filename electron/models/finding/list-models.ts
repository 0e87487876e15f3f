import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { boundedFetch } from '../wires/bounded-fetch.ts';
import { failureOf } from '../wires/failure-reading.ts';
import { ModelFailure } from '../wires/model-failure.ts';
import type { Endpoint } from '../wires/wire.ts';

const mostBytes = 8_000_000;
const mostModels = 2_000;

const openai = z.object({ data: z.array(z.object({ id: z.string().max(200) })).nullish() });
const ollama = z.object({ models: z.array(z.object({ name: z.string().max(200) })).nullish() });

export interface Listing {
  readonly wire: 'messages' | 'chat';
  readonly form: 'openai' | 'ollama';
  /** Asked as well where the list is given to everybody: it needs the key. */
  readonly check: string | null;
}

/** The names of the models that a provider has, asked within so many milliseconds. */
export async function listModels(
  endpoint: Endpoint,
  { wire, form, check }: Listing,
  { fetch, clock, within }: { fetch: typeof globalThis.fetch; clock: Clock; within: number },
): Promise<string[]> {
  const silence = new AbortController();
  const slow = new ModelFailure('slow', `It did not answer within ${within / 1000} seconds.`);
  const forget = clock.after(within, () => silence.abort(slow));
  const read = async (url: string) => {
    const answer = await boundedFetch(fetch, mostBytes)(url, {
      headers: headersFor(endpoint, wire),
      redirect: 'error',
      signal: silence.signal,
    });
    if (!answer.ok)
      throw Object.assign(new Error(`It answered ${answer.status}.`), {
        status: answer.status,
        headers: answer.headers,
        error: await answer.json().catch(() => null),
      });
    return answer.json();
  };
  try {
    if (check !== null) await read(`${endpoint.baseUrl}${check}`);
    if (form === 'ollama') {
      const { models } = ollama.parse(await read(new URL('/api/tags', endpoint.baseUrl).href));
      return (models ?? []).map(({ name }) => name).slice(0, mostModels);
    }
    const path = wire === 'messages' ? '/v1/models?limit=1000' : '/models';
    const { data } = openai.parse(await read(`${endpoint.baseUrl}${path}`));
    return (data ?? []).map(({ id }) => id).slice(0, mostModels);
  } catch (thrown) {
    if (silence.signal.aborted) throw slow;
    if (thrown instanceof z.ZodError || thrown instanceof SyntaxError)
      throw new ModelFailure('malformed', 'What it answered is no list of models.');
    throw failureOf(thrown, endpoint.key);
  } finally {
    forget();
  }
}

function headersFor({ key }: Endpoint, wire: 'messages' | 'chat'): Record<string, string> {
  const version: Record<string, string> = wire === 'messages' ? { 'anthropic-version': '2023-06-01' } : {};
  return {
    accept: 'application/json',
    ...version,
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  };
}
