import { mcpRightsSchema } from '../../../shared/mcp.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Callers } from '../serving/callers.ts';
import { bearer } from '../serving/callers.ts';
import { listenerOpener } from '../serving/listener.ts';
import { Protocol } from '../serving/protocol.ts';
import { fixtureSpeaker } from './fixture-speaker.ts';

const token = 'hf_fixture';
const callers: Callers = {
  of: (request) =>
    bearer(request) === token
      ? {
          id: 'tok_fixture',
          actor: { kind: 'client', id: 'tok_fixture' },
          name: 'fixture',
          rights: mcpRightsSchema.parse({ tools: ['get_run'] }),
          session: null,
        }
      : { stranger: 'no token' },
  whenEnded: () => () => undefined,
};

const nowhere = () => Promise.reject(new Problem('unavailable', 'There is none here.'));

/** The listener, the guard, the sessions and the streams of the house, before a server of the suite’s fixtures. */
export async function openFixture(clock: Clock, log: Log) {
  const house = {
    clock,
    log,
    record: {} as never,
    activity: {
      begin: () => () => undefined,
      following: (signal?: AbortSignal) => signal ?? new AbortController().signal,
    },
    rooms: { runs: nowhere, planning: nowhere, agents: nowhere, agentSessions: nowhere, approvals: nowhere },
  };
  const protocol = new Protocol(house, fixtureSpeaker);
  const needs = {
    callers,
    refusals: { note: () => undefined },
    protocol: () => Promise.resolve(protocol),
    log,
  };
  const listener = await listenerOpener(needs, clock)(0);
  return {
    address: `http://127.0.0.1:${listener.port}/mcp`,
    token,
    async close() {
      await listener.close();
      await protocol.close();
    },
  };
}
