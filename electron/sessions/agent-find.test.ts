import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import { noticingRecord } from './agents/noticing-record.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';

const wish = agentSessionWishSchema.parse({ agent: 'tester' });
const calls = 60;

test('words are found wherever they were said, without reading the whole session', async () => {
  let blobs = 0;
  const { sessions, record } = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: note'] })],
    tools: [notingTool([], { parallel: true })],
    models: (of) =>
      new ScriptedModels(of, [
        {
          text: 'Here is the “Answer”,\nand a Ünïcode line.',
          calls: Array.from({ length: calls }, (_, i) => ({
            tool: 'note',
            input: { line: i === 41 ? 'the NEEDLE here' : `line ${i}` },
          })),
        },
        { text: 'done', stop: 'refusal' },
      ]),
    through(of) {
      const through = noticingRecord(of, () => undefined);
      return {
        ...through,
        blob(...asked) {
          blobs++;
          return through.blob(...asked);
        },
      };
    },
  });
  const { id } = await sessions.open(wish, operator);
  const other = await sessions.open(wish, operator);
  for (const session of [id, other.id])
    await sessions.send(session, [{ kind: 'text', text: 'Look for a *haystack*.' }], operator);
  await until(sessions, id, rested);
  await until(sessions, other.id, rested);
  const linesOf = async (text: string) => (await sessions.find(id, text)).map(({ line }) => line);

  blobs = 0;
  expect(await linesOf('needle')).toEqual(['note the NEEDLE here']);
  expect(blobs).toBeLessThan(20);
  expect(await linesOf('a *haystack*')).toEqual(['Look for a *haystack*.']);
  expect(await linesOf('“answer”')).toEqual(['Here is the “Answer”,']);
  expect(await linesOf('ünïcode')).toEqual(['and a Ünïcode line.']);
  expect(await linesOf('refused to answer')).toEqual(['the model refused to answer']);
  expect(await linesOf('noted line')).toHaveLength(calls - 1);
  for (const absent of ['"kind"', 'assistant', 'nowhere']) expect(await linesOf(absent)).toEqual([]);
  const { entries } = await sessions.transcript(id, undefined, 100);
  const [found] = await sessions.find(id, 'needle');
  const card = entries.find((entry) => entry.kind === 'call' && entry.card.preview.includes('NEEDLE'));
  expect(found?.seq).toBe(card?.seq);

  const question = { session: id, kinds: ['tool.finished'] as const, text: 'noted', leave: [], limit: 10 };
  const seen: number[] = [];
  for (let before: number | null = record.state().size; before !== null;) {
    const { seqs, next } = await record.searchBlobs({ ...question, before });
    seen.push(...seqs);
    before = next;
  }
  expect(seen).toHaveLength(calls);
  expect(seen).toEqual(seen.toSorted((one, after) => after - one));
});
