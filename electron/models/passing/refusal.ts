import { Problem, type ProblemCode } from '../../../shared/problem.ts';
import type { PassedWire } from './passed-wires.ts';

export interface PassedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Why Holdfast itself did not pass the question on. */
  readonly refused?: Problem;
}

interface Form {
  readonly status: number;
  /** Of Anthropic’s errors, and of OpenAI’s. */
  readonly messages: string;
  readonly openai: string;
}

const usual: Form = { status: 500, messages: 'api_error', openai: 'server_error' };
const forms: Partial<Record<ProblemCode, Form>> = {
  budget_exhausted: { status: 402, messages: 'billing_error', openai: 'insufficient_quota' },
  invalid_input: { status: 400, messages: 'invalid_request_error', openai: 'invalid_request_error' },
  too_large: { status: 413, messages: 'request_too_large', openai: 'invalid_request_error' },
  unauthorized: { status: 401, messages: 'authentication_error', openai: 'authentication_error' },
  forbidden: { status: 403, messages: 'permission_error', openai: 'permission_error' },
  not_found: { status: 404, messages: 'not_found_error', openai: 'model_not_found' },
  too_many: { status: 429, messages: 'rate_limit_error', openai: 'rate_limit_exceeded' },
  unreachable: { status: 502, messages: 'api_error', openai: 'server_error' },
  unavailable: { status: 503, messages: 'overloaded_error', openai: 'server_error' },
};

/** What may be otherwise when it is asked again. */
const passes: ReadonlySet<ProblemCode> = new Set(['too_many', 'unavailable', 'unreachable']);

/** What Holdfast itself refuses, in the form in which this wire's own servers refuse. */
export function refusalIn(wire: PassedWire, thrown: unknown): PassedAnswer {
  const refused = Problem.of(thrown);
  const { code, message, mend } = refused;
  const form = forms[code] ?? usual;
  const words = mend === undefined ? message : `${message} ${mend}`;
  const error =
    wire === 'messages'
      ? { type: 'error', error: { type: form.messages, message: words } }
      : { error: { message: words, type: form.openai, param: null, code: form.openai } };
  return {
    // Programs that speak Responses know it by 429 and the code; those of the other wires would only ask again.
    status: wire === 'responses' && code === 'budget_exhausted' ? 429 : form.status,
    headers: { 'content-type': 'application/json', 'x-should-retry': String(passes.has(code)) },
    body: once(JSON.stringify(error)),
    refused,
  };
}

async function* once(text: string): AsyncGenerator<Uint8Array, void> {
  await Promise.resolve();
  yield Buffer.from(text);
}
