import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import { HouseApprovals } from '../approvals/approvals.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import type { AgentSessions } from './agent-sessions.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';
import { testFolder } from './testing/some-sessions.ts';

test('the arguments of a call that waits are changed after a restart while its session still rests', async () => {
  const folder = testFolder();
  const done: string[] = [];
  const life = async () => {
    const house: { sessions?: AgentSessions } = {};
    const tool = notingTool(done);
    const some = await someAgentSessions({
      folder,
      agents: [someAgent({ capabilities: ['tool: note'], approvalRequired: ['note'] })],
      tools: [tool],
      approvals: (record) =>
        new HouseApprovals({
          record,
          clock: systemClock,
          log: silentLog(),
          expireMinutes: () => null,
          tool: () => Promise.resolve(tool),
          planned: async (session, call) => house.sessions?.planned(session, call) ?? null,
        }),
      models: (record) =>
        new ScriptedModels(record, [
          { calls: [{ tool: 'note', input: { line: 'as asked' } }] },
          { text: 'done' },
        ]),
    });
    house.sessions = some.sessions;
    return { ...some, approvals: some.approvals as HouseApprovals };
  };
  const first = await life();
  const { id } = await first.sessions.open(agentSessionWishSchema.parse({ agent: 'tester' }), operator);
  await first.sessions.send(id, [{ kind: 'text', text: 'Note it.' }], operator);
  await until(first.sessions, id, ({ activity }) => activity === 'waiting');
  await first.sessions.pause(id, operator);
  await first.close();

  const { sessions, approvals } = await life();
  const [waiting] = approvals.list({ every: false, most: 5 });
  const answer = (input: Record<string, unknown>) =>
    approvals.answer(waiting!.id, { kind: 'once' }, input, operator);
  await expect(answer({ lines: 2 })).rejects.toMatchObject({ code: 'invalid_input' });
  await answer({ line: 'as changed' });
  expect(sessions.get(id).activity).toBe('paused');
  await sessions.resume(id, operator);
  await until(sessions, id, rested);
  expect(done).toEqual(['as changed']);
});
