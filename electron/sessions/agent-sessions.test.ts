import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import { never, operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';

const say = (text: string) => [{ kind: 'text' as const, text }];
const wish = agentSessionWishSchema.parse({ agent: 'tester' });

test('an agent is asked, calls its tool and answers, and all of it is in the transcript', async () => {
  const done: string[] = [];
  const { sessions } = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: note'] })],
    tools: [notingTool(done)],
    models: (record) =>
      new ScriptedModels(record, [
        { text: 'I will note it.', calls: [{ tool: 'note', input: { line: 'one' } }] },
        { text: 'It is noted.' },
      ]),
  });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('Note one.'), operator);
  const session = await until(sessions, id, rested);
  expect(done).toEqual(['one']);
  expect(session).toMatchObject({ turns: 1, queued: 0, usage: { input: 20, output: 10 }, cost: 200 });
  const { entries } = await sessions.transcript(id, undefined, 100);
  expect(entries).toMatchObject([
    { kind: 'person', from: 'you', parts: say('Note one.') },
    { kind: 'answer', text: 'I will note it.' },
    {
      kind: 'call',
      card: { tool: 'note', state: 'done', result: 'noted one', decidedBy: 'the test agrees' },
    },
    { kind: 'answer', text: 'It is noted.' },
  ]);
  const ended = await sessions.stop(id, operator);
  expect(ended).toMatchObject({ activity: 'ended', outcome: { label: 'success' }, review: 'none' });
  await expect(sessions.send(id, say('More.'), operator)).rejects.toMatchObject({ code: 'conflict' });
  expect(never.aborted).toBe(false);
});
