import { AsyncIteratorClass } from '@orpc/server';
import type { CallerKind, ProcedureMeta } from '../../shared/contract/procedure.ts';
import { Problem } from '../../shared/problem.ts';
import type { Log } from '../base/log.ts';
import { answerTo } from './answers.ts';
import type { Caller, CallContext, Transport } from './caller.ts';

export interface Admission {
  readonly log: Log;
  readonly refused: (transport: Transport, reason: string) => void;
}

/** What is under a name of its own: a caller's name in a URL must not reach what objects inherit. */
const words: Readonly<Record<CallerKind, string>> = {
  operator: 'the operator',
  agent: 'agents',
  client: 'outside programs',
};

/** Whether this caller may call this procedure, decided from the contract alone. */
export function admit(
  context: CallContext,
  meta: ProcedureMeta,
  procedure: string,
  refused: Admission['refused'],
): Caller | undefined {
  const caller = context.caller();
  if (meta.open) return caller;
  if (!caller) {
    refused(context.transport, context.refusal ?? 'no token');
    throw new Problem(
      'unauthorized',
      'This needs a token that is in force.',
      'The operator’s is in the data folder; make others with `holdfast token create`.',
    );
  }
  if (!meta.callers.includes(caller.kind)) {
    refused(context.transport, `not for ${words[caller.kind]}`);
    throw new Problem('forbidden', `${procedure} is not for ${words[caller.kind]}.`);
  }
  if (caller.procedures !== null && !caller.procedures.includes(procedure)) {
    refused(context.transport, 'not among the token’s procedures');
    throw new Problem(
      'forbidden',
      `This token does not name ${procedure}.`,
      'Make one that does with `holdfast token create`.',
    );
  }
  return caller;
}

interface MiddlewareOptions {
  readonly context: CallContext;
  readonly path: readonly string[];
  readonly procedure: { readonly '~orpc': { readonly meta: unknown } };
}

/** Runs one call: admitted first, its failure told as a problem, also in the middle of a stream. */
export async function runAdmitted<Result extends { output: unknown }>(
  { log, refused }: Admission,
  { context, path, procedure }: MiddlewareOptions,
  proceed: (caller: Caller | undefined) => Promise<Result>,
): Promise<Result> {
  try {
    const meta = procedure['~orpc'].meta as ProcedureMeta;
    const result = await proceed(admit(context, meta, path.join('.'), refused));
    return isStream(result.output) ? { ...result, output: answering(result.output, log) } : result;
  } catch (thrown) {
    throw answerTo(thrown, log);
  }
}

function isStream(output: unknown): output is AsyncIterator<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}

function answering(stream: AsyncIterator<unknown>, log: Log): AsyncIteratorClass<unknown> {
  return new AsyncIteratorClass(
    async () => {
      try {
        return await stream.next();
      } catch (thrown) {
        throw answerTo(thrown, log);
      }
    },
    async (reason) => {
      if (reason !== 'next') await stream.return?.();
    },
  );
}
