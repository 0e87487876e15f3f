import { readFile } from 'node:fs/promises';
import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/contract.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import { Problem } from '../../shared/problem.ts';
import type { Paths } from '../base/paths.ts';
import { fetchThrough } from './socket-fetch.ts';

export type Client = ContractRouterClient<Contract>;

/** A client of the house on this data folder, known as the operator by the token that lies there. */
export function connect(paths: Paths): Client {
  const link = new RPCLink({
    url: 'http://holdfast/rpc',
    headers: async () => {
      const token = await readToken(paths);
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    fetch: fetchThrough(paths.socket),
  });
  return createORPCClient(link);
}

/** What no header can carry is no token. Whether a house is there at all shows when it is asked. */
async function readToken(paths: Paths): Promise<string | undefined> {
  try {
    const token = (await readFile(paths.operatorToken, 'utf8')).trim();
    return /^[\w-]+$/.test(token) ? token : undefined;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'EACCES') {
      throw new Problem(
        'forbidden',
        `${paths.data} belongs to another account.`,
        'Use the account that runs Holdfast there.',
        { cause: failure },
      );
    }
    return undefined;
  }
}

function notRunning(paths: Paths, cause: unknown): Problem {
  return new Problem(
    'unreachable',
    `No Holdfast runs on ${paths.data}.`,
    'Start it with `holdfast serve`, or name its folder with --data DIR.',
    { cause },
  );
}

const absent = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Whether a call failed because nobody is there, or is no longer. */
export function connectionLost(thrown: unknown): boolean {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) {
    if (absent.has((cause as NodeJS.ErrnoException).code ?? '')) return true;
  }
  return false;
}

/** What a verb failed with, told for this data folder. What is no answer of the house is a failure of ours. */
export function problemOfVerb(paths: Paths, thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (connectionLost(thrown)) return notRunning(paths, thrown);
  const problem = thrown instanceof ORPCError ? problemOf(thrown) : Problem.of(thrown);
  return problem.code === 'unauthorized' ? tokenLost(paths, problem) : problem;
}

function tokenLost(paths: Paths, cause: Problem): Problem {
  return new Problem(
    'unauthorized',
    `Holdfast runs on ${paths.data}, and the token in ${paths.operatorToken} is missing or is not in force.`,
    'Stop it with Ctrl-C where it runs, and start it again: it then writes a new one.',
    { cause },
  );
}
