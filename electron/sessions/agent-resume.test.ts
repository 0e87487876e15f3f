import { expect, test } from 'vitest';
import { agentSessionWishSchema } from '../../shared/agent-session.ts';
import type { Id } from '../../shared/ids.ts';
import { count } from '../base/test-counts.ts';
import { dyingRecord } from './agents/testing/dying-record.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';
import { testFolder } from './testing/some-sessions.ts';

const steps = 10;
const lines = Array.from({ length: steps }, (_, i) => `step ${i + 1}`);
const wish = agentSessionWishSchema.parse({ agent: 'tester' });
const script = [
  ...lines.map((line) => ({ calls: [{ tool: 'note', input: { line } }] })),
  { text: 'All done.' },
];

/** One life after another on one folder, each with the same agent and tool. */
function livesIn(folder: string, done: string[], repeatable: boolean) {
  return (appends: number) => {
    const dying: { died?: Promise<void> } = {};
    return {
      dying,
      open: () =>
        someAgentSessions({
          folder,
          agents: [someAgent({ capabilities: ['tool: note'] })],
          tools: [notingTool(done, { repeatable })],
          models: (record) => new ScriptedModels(record, script),
          through(record) {
            const { through, died } = dyingRecord(record, appends);
            dying.died = died;
            return through;
          },
        }),
    };
  };
}

/** What the loop writes in such a session after the message: the turn, each intent with its answer, and its end. */
const appendsInAll = 1 + steps * 3 + 1;

async function killedAfter(appends: number): Promise<{ done: string[]; doubted: number }> {
  const done: string[] = [];
  const life = livesIn(testFolder(), done, false);
  const first = life(2 + appends);
  const before = await first.open();
  const { id } = await before.sessions.open(wish, operator);
  await before.sessions.send(id, [{ kind: 'text', text: 'Do it.' }], operator).catch(() => undefined);
  await first.dying.died;
  await before.close();

  const { sessions, record } = await life(Infinity).open();
  await sessions.resumed;
  let doubted = 0;
  for (;;) {
    const session = await until(sessions, id, (one) => rested(one) || one.activity === 'unsure');
    if (session.activity !== 'unsure') break;
    doubted++;
    // The person looks whether it happened, and says so.
    const { events } = await record.query({ filter: { session: id, kinds: ['tool.doubted'] }, limit: 10 });
    const { call } = events[0]!.data as { call: Id<'call'> };
    const { input } = await sessions.call(id, call);
    const happened = done.includes((input as { line: string }).line);
    await sessions.settle(id, call, happened ? 'skip' : 'redo', operator);
    await until(sessions, id, (one) => one.activity !== 'unsure');
  }
  const { entries } = await sessions.transcript(id, undefined, 500);
  expect(entries.at(-1)).toMatchObject({ kind: 'answer', text: 'All done.' });
  return { done, doubted };
}

test(
  'killed after any write of a ten-step session, it goes on where it was and does nothing twice',
  { timeout: 120_000 },
  async () => {
    let doubted = 0;
    // Each step once, at another of its writes each time; all of them in soak.
    for (let appends = 1; appends < appendsInAll; appends += count(4, 1)) {
      const life = await killedAfter(appends);
      expect(life.done, `killed after ${appends} writes`).toEqual(lines);
      doubted += life.doubted;
    }
    expect(doubted).toBeGreaterThan(0);
  },
);

test('what may simply be done again is, without asking anybody', async () => {
  const done: string[] = [];
  const life = livesIn(testFolder(), done, true);
  // The session, the message, the turn, the first answer, and the intent of its call.
  const first = life(5);
  const before = await first.open();
  const { id } = await before.sessions.open(wish, operator);
  await before.sessions.send(id, [{ kind: 'text', text: 'Do it.' }], operator);
  await first.dying.died;
  await before.close();
  const { sessions } = await life(Infinity).open();
  await until(sessions, id, rested);
  expect(done).toEqual(lines);
});
