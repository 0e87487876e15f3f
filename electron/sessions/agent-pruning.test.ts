import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import type { AuditRecord } from '../audit/record.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';
import { testFolder } from './testing/some-sessions.ts';

const say = (text: string) => [{ kind: 'text' as const, text }];
const wish = agentSessionWishSchema.parse({ agent: 'tester' });

const attach = (record: AuditRecord, letter: string) =>
  record.append({
    kind: 'record.noted',
    actor: operator,
    data: { text: 'much' },
    blobs: [{ name: 'much', type: 'text/plain', content: Buffer.alloc(2_000_000, letter) }],
  });

test('pruning leaves what a session that has not ended needs, says so, and takes it when the session has ended', async () => {
  const folder = testFolder();
  const done: string[] = [];
  const life = () =>
    someAgentSessions({
      folder,
      agents: [someAgent({ capabilities: ['tool: note'] })],
      tools: [notingTool(done)],
      models: (record) =>
        new ScriptedModels(record, (_, answers) =>
          answers === 0
            ? { calls: [{ tool: 'note', input: { line: 'once' } }] }
            : { text: `answer ${answers}` },
        ),
    });
  const first = await life();
  const { record, sessions } = first;
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, say('The word is heron.'), operator);
  await until(sessions, id, rested);
  const setting = { key: 'blobs.maxBytes', value: 1_000_000 } as const;
  await record.append({ kind: 'setting.changed', actor: operator, data: setting });
  // The session’s are older, and go first where nobody needs them.
  await attach(record, 'x');
  const dry = await record.prune({ dryRun: true, by: operator });
  expect(dry.left.count).toBeGreaterThanOrEqual(5);
  expect(await record.prune({ dryRun: false, by: operator })).toEqual(dry);
  expect(dry).toMatchObject({ count: 1, bytes: 2_000_000 });
  await first.close();

  const second = await life();
  await second.sessions.send(id, say('Which word was it?'), operator);
  await until(second.sessions, id, ({ turns }) => turns === 2);
  await until(second.sessions, id, rested);
  const [{ messages } = { messages: [] }] = (second.models as ScriptedModels).calls;
  expect(JSON.stringify(messages)).toContain('The word is heron.');
  expect(JSON.stringify(messages)).not.toContain('no longer on the record');
  expect(done).toEqual(['once']);
  await second.sessions.stop(id, operator);
  await attach(second.record, 'y');
  const rest = await second.record.prune({ dryRun: false, by: operator });
  expect(rest.count).toBeGreaterThanOrEqual(dry.left.count);
  expect(rest.left).toEqual({ count: 0, bytes: 0 });
});
