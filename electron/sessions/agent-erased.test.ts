import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import type { Message } from '../../shared/conversation.ts';
import type { AuditRecord } from '../audit/record.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { testFolder } from './testing/some-sessions.ts';

const wish = agentSessionWishSchema.parse({ agent: 'tester' });
const script = [
  { text: 'I note the xylophone.', calls: [{ tool: 'note', input: { line: 'a xylophone' } }] },
  { text: 'The xylophone is noted.' },
  { text: 'I go on.' },
];

const life = (folder: string) =>
  someAgentSessions({
    folder,
    agents: [someAgent({ capabilities: ['tool: note'] })],
    tools: [notingTool([])],
    models: (record) => new ScriptedModels(record, script),
  });

/** Whatever was said in the session is erased by itself, as `holdfast erase SEQ --blobs` does. */
async function eraseWords(record: AuditRecord, session: `ses_${string}`): Promise<string[]> {
  const { events } = await record.query({ filter: { session }, limit: 200 });
  // How it was opened is no word of anybody’s.
  const carrying = events.filter(({ blobs, kind }) => blobs.length > 0 && kind !== 'session.opened');
  for (const { seq, blobs } of carrying) {
    const places = blobs.map(({ index }) => index);
    await record.erase(seq, 'a request to be forgotten', operator, places);
  }
  return carrying.flatMap(({ blobs }) => blobs.map(({ name }) => name));
}

/** A provider refuses a result whose call it was not shown, and a call without its result. */
function expectPaired(messages: readonly Message[]): void {
  const parts = messages.flatMap((message) => [...message.parts] as { kind: string; call?: string }[]);
  const of = (kind: string) => new Set(parts.filter((part) => part.kind === kind).map(({ call }) => call));
  expect(of('result')).toEqual(of('call'));
}

test('a session whose words were erased goes on with plain remarks in their place, and its rows are what they were', async () => {
  const folder = testFolder();
  const first = await life(folder);
  const { id } = await first.sessions.open(wish, operator);
  await first.sessions.send(id, [{ kind: 'text', text: 'Note my xylophone.' }], operator);
  await until(first.sessions, id, ({ turns, activity }) => turns === 1 && activity === 'idle');
  await first.close();

  const { sessions, record, models } = await life(folder);
  const erased = await eraseWords(record, id);
  expect(new Set(erased)).toEqual(new Set(['message.json', 'answer.json', 'input.json', 'result.json']));
  expect((await record.rebuild(operator)).differences).toBe(0);

  await sessions.send(id, [{ kind: 'text', text: 'Go on.' }], operator);
  await until(sessions, id, (one) => one.turns === 2 && rested(one));
  const call = (models as ScriptedModels).calls.at(-1)!;
  const sent = JSON.stringify(call.messages);
  expect(sent).toContain('what was said here is no longer on the record');
  expect(sent).toContain('this answer is no longer on the record');
  expect(sent).toContain('Go on.');
  expect(sent).not.toContain('a xylophone');
  expectPaired(call.messages);
  const { entries } = await sessions.transcript(id, undefined, 100);
  expect(entries.at(-1)).toMatchObject({ kind: 'answer' });
  expect(entries.find(({ kind }) => kind === 'person')).toBeDefined();
});
