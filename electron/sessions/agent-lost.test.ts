import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import { Problem } from '../../shared/problem.ts';
import type { AgentSessionParts } from './agent-session-parts.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';
import { testFolder } from './testing/some-sessions.ts';

test('a session whose agent is no longer on the record cannot go on, and can be stopped', async () => {
  const folder = testFolder();
  const life = (blob?: AgentSessionParts['record']['blob']) =>
    someAgentSessions({
      folder,
      agents: [someAgent({ capabilities: ['tool: note'] })],
      tools: [notingTool([])],
      models: (record) => new ScriptedModels(record, () => ({ text: 'done' })),
      through: (record) => ({
        append: (draft) => record.append(draft),
        appendAll: (drafts) => record.appendAll(drafts),
        rows: (sql, ...values) => record.rows(sql, ...values),
        query: (question) => record.query(question),
        blob: blob ?? ((seq, index, offset) => record.blob(seq, index, offset)),
        searchBlobs: (question) => record.searchBlobs(question),
        follow: (question, signal) => record.follow(question, signal),
        onErased: (listener) => record.onErased(listener),
      }),
    });
  const first = await life();
  const { id } = await first.sessions.open(agentSessionWishSchema.parse({ agent: 'tester' }), operator);
  await first.sessions.send(id, [{ kind: 'text', text: 'Do it.' }], operator);
  await until(first.sessions, id, rested);
  await first.close();

  const { sessions, tokens } = await life(() => Promise.reject(new Problem('not_found', 'It was pruned.')));
  const more = sessions.send(id, [{ kind: 'text', text: 'More.' }], operator);
  await expect(more).rejects.toThrow(/no longer on the record/);
  expect(tokens.held(id)).not.toEqual([]);
  expect(await sessions.stop(id, operator)).toMatchObject({ activity: 'ended' });
  expect(tokens.held(id)).toEqual([]);
});
