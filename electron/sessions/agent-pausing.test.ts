import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import type { Approvals, PlannedCall, Verdict } from '../approvals/asking.ts';
import { newId } from '../base/ids.ts';
import {
  AgreeingApprovals,
  operator,
  rested,
  someAgentSessions,
  until,
} from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';

/** Asks, and waits for the test to agree. */
class SlowApprovals implements Approvals {
  readonly #agreeing = new AgreeingApprovals();
  readonly agreed = Promise.withResolvers<void>();

  async decide(call: PlannedCall, how: Parameters<Approvals['decide']>[1]): Promise<Verdict> {
    how.put?.(newId('approval', new Date()));
    await this.agreed.promise;
    return this.#agreeing.decide(call);
  }

  question(): Promise<string> {
    return this.#agreeing.question();
  }

  withdraw(of: string): Promise<void> {
    return this.#agreeing.withdraw(of);
  }
}

test('a session that is paused and let go on while it waits for a person does so at once', async () => {
  const approvals = new SlowApprovals();
  const done: string[] = [];
  const { sessions } = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: note'] })],
    approvals,
    tools: [notingTool(done)],
    models: (record) =>
      new ScriptedModels(record, [{ calls: [{ tool: 'note', input: { line: 'x' } }] }, { text: 'done' }]),
  });
  const { id } = await sessions.open(agentSessionWishSchema.parse({ agent: 'tester' }), operator);
  await sessions.send(id, [{ kind: 'text', text: 'Do it.' }], operator);
  await until(sessions, id, ({ activity }) => activity === 'waiting');
  await sessions.pause(id, operator);
  expect(await sessions.resume(id, operator)).toMatchObject({ activity: 'waiting' });
  approvals.agreed.resolve();
  await until(sessions, id, rested);
  expect(done).toEqual(['x']);
});
