import { ModelFailure, type FailureKind } from './model-failure.ts';

/** What both SDKs put into their errors. Nothing of it is trusted to be there. */
interface SdkError {
  status?: unknown;
  headers?: unknown;
  error?: unknown;
  code?: unknown;
  type?: unknown;
}

/** What was thrown while a provider was asked, as what it means. The key is in none of these words. */
export function failureOf(thrown: unknown, key: string | null): ModelFailure {
  if (thrown instanceof ModelFailure) return thrown;
  const words = withoutKey(wordsOf(thrown), key);
  const error = (thrown ?? {}) as SdkError;
  if (typeof error.status === 'number') {
    const kind = kindOfStatus(error.status, labelsOf(error), words);
    return new ModelFailure(kind, words, {
      retryAfter: retryAfter(error.headers),
    });
  }
  // An error that the provider sent in the middle of its stream.
  if (error.error !== undefined && error.error !== null)
    return new ModelFailure(kindOfLabels(labelsOf(error), words), words);
  const network = networkCode(thrown);
  if (network !== null) {
    const slow = network !== 'UND_ERR_CONNECT_TIMEOUT' && /TIMEOUT|ETIMEDOUT/.test(network);
    const cut = /ECONNRESET|EPIPE|UND_ERR_SOCKET/.test(network);
    const kind = slow ? 'slow' : cut ? 'cut' : 'unreachable';
    return new ModelFailure(kind, `${words} (${network})`, { cause: thrown });
  }
  if (thrown instanceof SyntaxError) return new ModelFailure('malformed', words);
  if (thrown instanceof TypeError && /terminated|fetch failed/.test(words))
    return new ModelFailure('cut', words);
  return new ModelFailure('malformed', words, { cause: thrown });
}

function kindOfStatus(status: number, labels: string, words: string): FailureKind {
  if (/insufficient_quota|billing|insufficient.balance/i.test(labels)) return 'unpaid';
  if (status === 401) return 'bad_key';
  if (status === 402) return 'unpaid';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'unknown_model';
  if (status === 408 || status === 504) return 'slow';
  if (status === 413) return 'too_long';
  if (status === 429) return 'rate_limited';
  if (status === 503 || status === 529) return 'overloaded';
  if (status >= 500 || status === 409 || status === 425) return 'broken';
  return kindOfLabels(`${labels} ${status === 400 ? '' : 'invalid_request'}`, words) === 'too_long'
    ? 'too_long'
    : /model_not_found|unknown.model/i.test(labels)
      ? 'unknown_model'
      : 'bad_request';
}

function kindOfLabels(labels: string, words: string): FailureKind {
  if (/authentication/i.test(labels)) return 'bad_key';
  if (/permission/i.test(labels)) return 'forbidden';
  if (/insufficient_quota|billing/i.test(labels)) return 'unpaid';
  if (/overloaded/i.test(labels)) return 'overloaded';
  if (/rate_limit/i.test(labels)) return 'rate_limited';
  if (/timeout/i.test(labels)) return 'slow';
  if (
    /context_length|request_too_large/i.test(labels) ||
    /prompt is too long|context (length|window)/i.test(words)
  )
    return 'too_long';
  if (/model_not_found|not_found/i.test(labels)) return 'unknown_model';
  return /invalid_request/i.test(labels) ? 'bad_request' : 'broken';
}

/** The words by which providers name their errors, wherever they put them. */
function labelsOf(error: SdkError): string {
  const bodies = [error, error.error, (error.error as SdkError | undefined)?.error];
  return bodies
    .flatMap((body) => (typeof body === 'object' && body !== null ? [body as SdkError] : []))
    .flatMap(({ code, type }) => [code, type])
    .filter((label) => typeof label === 'string')
    .join(' ');
}

function wordsOf(thrown: unknown): string {
  const said = bodyMessage((thrown as SdkError | undefined)?.error);
  const words = said ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return words.slice(0, 500).toWellFormed();
}

function bodyMessage(body: unknown): string | null {
  if (typeof body === 'string' && body !== '') return body;
  if (typeof body !== 'object' || body === null) return null;
  const { message, error } = body as { message?: unknown; error?: unknown };
  return typeof message === 'string' && message !== '' ? message : bodyMessage(error);
}

/** Providers quote keys, whole or in part, in what they refuse. */
function withoutKey(words: string, key: string | null): string {
  const whole = key !== null && key.length > 3 ? words.replaceAll(key, '[key]') : words;
  return whole.replaceAll(/\b(sk|key|gsk|xai)-[A-Za-z0-9_*-]{6,}/g, '[key]');
}

function networkCode(thrown: unknown): string | null {
  let error = thrown;
  for (let depth = 0; depth < 6 && typeof error === 'object' && error !== null; depth++) {
    const { code, errors } = error as { code?: unknown; errors?: unknown };
    if (
      typeof code === 'string' &&
      /^(E[A-Z]+|UND_ERR_[A-Z_]+|CERT_[A-Z_]+|[A-Z_]*SIGNED[A-Z_]*)$/.test(code)
    )
      return code;
    error = Array.isArray(errors) ? errors[0] : (error as { cause?: unknown }).cause;
  }
  return null;
}

/** Seconds or a date, as the header's rules allow; some say milliseconds in a header of their own. */
export function retryAfter(headers: unknown, now: () => number = Date.now): number | null {
  if (!(headers instanceof Headers)) return null;
  const precise = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(precise) && precise >= 0) return precise;
  const text = headers.get('retry-after');
  if (text === null) return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now());
}
