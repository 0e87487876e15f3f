import { Problem } from '../../../shared/problem.ts';
import type { Target } from '../providers.ts';
import { boundedFetch, mostBytes } from '../wires/bounded-fetch.ts';
import type { Passage } from './passage.ts';
import { type PassedQuestion, type PassedWire, passedWires } from './passed-wires.ts';
import type { PassedAnswer } from './refusal.ts';

export interface PassedRequest {
  readonly wire: PassedWire;
  /** Counts tokens instead of answering; only Messages can. */
  readonly counts?: boolean;
  readonly search: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Way {
  readonly target: Target;
  readonly passage: Passage;
  readonly signal: AbortSignal;
}

/** What goes there and back beside the words: nothing that could carry a key, or tell of this machine. */
const there = ['accept', 'content-type', 'anthropic-version', 'anthropic-beta', 'openai-beta'];
const back = ['content-type', 'retry-after', 'request-id', 'x-request-id', 'x-should-retry'];

/** The question as it goes on, with the key; its answer as it comes. */
export async function sendQuestion(
  fetch: typeof globalThis.fetch,
  { wire, counts, search, headers }: PassedRequest,
  question: PassedQuestion,
  { target: { endpoint, provider }, passage, signal }: Way,
): Promise<PassedAnswer> {
  const { key, baseUrl } = endpoint;
  const url = `${baseUrl}${passedWires[wire].path}${counts ? '/count_tokens' : ''}${search}`;
  const sent = Object.fromEntries(there.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])));
  const credential: Record<string, string> =
    key === null ? {} : wire === 'messages' ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };
  passage.expectHead();
  const answer = await boundedFetch(fetch, mostBytes)(url, {
    method: 'POST',
    headers: { ...sent, 'content-type': 'application/json', ...credential },
    body: new Uint8Array(question.bytes),
    redirect: 'error',
    signal: AbortSignal.any([signal, passage.tired]),
  }).catch((failure: unknown) => {
    if (passage.tired.aborted) throw passage.tired.reason;
    if (signal.aborted) throw new Problem('cancelled', 'Whoever asked went away.');
    const { title } = provider;
    throw wasSent(failure)
      ? new Problem('unavailable', `${title} broke off before it answered.`, undefined, { cause: failure })
      : new Problem('unreachable', `${title} cannot be reached.`, undefined, { cause: failure });
  });
  const given = Object.fromEntries(
    back.flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const body = passage.through(answer.body ?? nothing());
  return { status: answer.status, headers: given, body: answer.ok ? body : withoutKey(body, key) };
}

/** Where no connection came to be, nothing was asked. */
function wasSent(failure: unknown): boolean {
  const cause = failure instanceof Error ? (failure.cause ?? failure) : failure;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  return !/^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS\w*|CERT_\w+|\w*_CERT\w*)$/.test(
    code,
  );
}

const longestComplaint = 256 << 10;

/** What a provider complains of may repeat what it was sent. */
async function* withoutKey(
  body: AsyncIterable<Uint8Array>,
  key: string | null,
): AsyncGenerator<Uint8Array, void> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > longestComplaint) break;
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString();
  yield Buffer.from(key ? text.replaceAll(key, '[secret]') : text);
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}
