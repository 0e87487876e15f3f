import type { ServerResponse } from 'node:http';
import type { WireName } from './read-request.ts';
import type { Failure } from './scripted.ts';

const labels: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
  529: 'overloaded_error',
};

const geminiLabels: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** What a provider's error looks like, as a body and as an event in the middle of a stream. */
export function errorBody(wire: WireName, label: string, message: string, code = 503): unknown {
  if (wire === 'gemini') return { error: { code, message, status: geminiLabels[code] ?? 'UNKNOWN' } };
  return wire === 'messages'
    ? { type: 'error', error: { type: label, message }, request_id: 'req_1' }
    : { error: { message, type: label, param: null, code: label } };
}

export function refusal(
  failure: Extract<Failure, { kind: 'status' }>,
  wire: WireName,
  outgoing: ServerResponse,
): void {
  const label = failure.label ?? labels[failure.status] ?? 'api_error';
  outgoing.writeHead(failure.status, { 'content-type': 'application/json', ...failure.headers });
  outgoing.end(
    JSON.stringify(
      errorBody(wire, label, failure.message ?? `It failed with ${failure.status}.`, failure.status),
    ),
  );
}
