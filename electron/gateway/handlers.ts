import { NodeHttpHandler } from '@orpc/server/node';
import { StandardRPCHandler } from '@orpc/server/standard';
import { isProblemCode } from '../../shared/problem.ts';
import type { Log } from '../base/log.ts';
import { answerTo } from './answers.ts';
import type { CallContext } from './caller.ts';
import type { Router } from './router.ts';

/** The router behind each way of speaking. What only some callers need is loaded when the first of them comes. */
export interface Handlers {
  readonly standard: StandardRPCHandler<CallContext>;
  readonly rpc: NodeHttpHandler<CallContext>;
  openApi(): Promise<NodeHttpHandler<CallContext>>;
}

/** A stream that says nothing needs no heartbeat on loopback: a broken connection is noticed by itself. */
const streams = { eventIteratorKeepAliveEnabled: false };

export function createHandlers(router: Router, log: Log): Handlers {
  // What fails outside of a procedure (an input that cannot be read) is answered like everything else.
  const interceptors = [
    async <Result>({ next }: { next: () => Promise<Result> }): Promise<Result> => {
      try {
        return await next();
      } catch (thrown) {
        throw answerTo(thrown, log);
      }
    },
  ];
  const standard = new StandardRPCHandler<CallContext>(router, { interceptors });
  const rpc = new NodeHttpHandler<CallContext>(standard, streams);
  let openApi: Promise<NodeHttpHandler<CallContext>> | undefined;
  return {
    standard,
    rpc,
    openApi() {
      openApi ??= import('@orpc/openapi/node').then(
        ({ OpenAPIHandler }) =>
          new OpenAPIHandler<CallContext>(router, {
            ...streams,
            interceptors,
            customErrorResponseBodyEncoder: plainProblem,
          }),
      );
      return openApi;
    },
  };
}

/** Programs get a problem as it is, without oRPC's frame. */
function plainProblem(error: { code: string; message: string; data: unknown }) {
  const mend = (error.data as { mend?: string } | undefined)?.mend;
  return {
    code: isProblemCode(error.code) ? error.code : 'internal',
    message: error.message,
    ...(mend ? { mend } : {}),
  };
}
