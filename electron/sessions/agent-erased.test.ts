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

const life = (folder: string, tool = notingTool([])) =>
  someAgentSessions({
    folder,
    agents: [someAgent({ capabilities: ['tool: note'] })],
    tools: [tool],
    models: (record) => new ScriptedModels(record, script),
  });

/** Whatever was said in the session is erased by itself, as `holdfast erase SEQ --blobs` does. */
async function eraseWords(record: AuditRecord, session: `ses_${string}`): Promise<string[]> {
  const { events } = await record.query({ filter: { session }, limit: 200 });
  // How it was opened is no word of anybody’s.
  const carrying = events
    .filter(({ kind }) => kind !== 'session.opened')
    .map(({ seq, blobs }) => ({ seq, blobs: blobs.filter(({ state }) => state === 'present') }))
    .filter(({ blobs }) => blobs.length > 0);
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

test('words that are erased while a session is open leave its memory at once, also in the middle of a turn', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const noting = notingTool([]);
  const run: typeof noting.run = async (input, hands, signal) => {
    reach();
    await released;
    return noting.run(input, hands, signal);
  };
  const { sessions, record, models } = await life(testFolder(), { ...noting, run });
  const { id } = await sessions.open(wish, operator);
  await sessions.send(id, [{ kind: 'text', text: 'Note my xylophone.' }], operator);
  await reached;
  await sessions.send(id, [{ kind: 'text', text: 'Which xylophone?' }], operator);
  expect(new Set(await eraseWords(record, id))).toEqual(
    new Set(['message.json', 'answer.json', 'input.json']),
  );
  release();
  await until(sessions, id, (one) => one.turns === 2 && rested(one));
  const [, second, third] = (models as ScriptedModels).calls;
  // What the call brought back is new; nothing else is told of before.
  const remembered = JSON.stringify(second!.messages).replace('noted a xylophone', '');
  expect(remembered).not.toContain('xylophone');
  expect(remembered).toContain('what was said here is no longer on the record');
  expectPaired(second!.messages);
  expect(JSON.stringify(third!.messages.at(-1))).toContain('what was said here is no longer on the record');

  await eraseWords(record, id);
  await sessions.send(id, [{ kind: 'text', text: 'Go on.' }], operator);
  await until(sessions, id, (one) => one.turns === 3 && rested(one));
  const fourth = (models as ScriptedModels).calls.at(-1)!;
  expect(JSON.stringify(fourth.messages)).not.toContain('xylophone');
  expectPaired(fourth.messages);
});
