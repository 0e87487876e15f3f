import type { ServerResponse } from 'node:http';
import { type Problem, problemCodes } from '../../shared/problem.ts';
import { problemError } from './answers.ts';

/** Answers with a problem, in the dialect of who asked: our own clients read oRPC's form, programs the plain one. */
export function sendProblem(response: ServerResponse, problem: Problem, pathname: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const plain = !pathname.startsWith('/rpc/');
  const body = JSON.stringify(plain ? problem.details() : { json: problemError(problem).toJSON() });
  response.writeHead(problemCodes[problem.code].status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    // What is left of a body that nobody reads must not be taken for the next request.
    ...(response.req.complete ? {} : { connection: 'close' }),
  });
  response.end(body);
}
