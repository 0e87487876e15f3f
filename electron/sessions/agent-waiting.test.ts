import { expect, onTestFinished, test } from 'vitest';
import { agentSessionWishSchema, type SessionNews, type ToolCard } from '../../shared/agent-session.ts';
import type { Agent } from '../../shared/agent.ts';
import { HouseApprovals } from '../approvals/approvals.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { tools } from '../tools/catalogue.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { type ScriptedAnswer, ScriptedModels } from './agents/testing/scripted-models.ts';
import { testFolder } from './testing/some-sessions.ts';

const wish = agentSessionWishSchema.parse({ agent: 'tester' });
const say = (text: string) => [{ kind: 'text' as const, text }];
const note: ScriptedAnswer = { calls: [{ tool: 'note', input: { line: 'x' } }] };

/** A session whose approvals are the house’s own. */
async function asking(call: ScriptedAnswer, said: Partial<Agent> = {}, folder = testFolder()) {
  let approvals!: HouseApprovals;
  const some = await someAgentSessions({
    folder,
    agents: [someAgent({ capabilities: ['tool: *'], ...said })],
    tools: [notingTool([]), ...tools.filter(({ name }) => name === 'ask_person')],
    approvals: (record) =>
      (approvals = new HouseApprovals({
        record,
        clock: systemClock,
        log: silentLog(),
        expireMinutes: () => null,
        tool: () => Promise.resolve(undefined),
      })),
    models: (record) => new ScriptedModels(record, [call, { text: 'done' }]),
  });
  onTestFinished(async () => {
    await some.close();
    await approvals.close();
  });
  const { id } = await some.sessions.open(wish, operator);
  const leaving = new AbortController();
  const news = some.sessions.follow(id, undefined, leaving.signal);
  await news.next();
  return { ...some, approvals, id, news };
}

/** The cards that a follower is told until one is so. */
async function cardsUntil(
  news: AsyncGenerator<SessionNews, void>,
  isSo: (card: ToolCard) => boolean,
): Promise<ToolCard[]> {
  const cards: ToolCard[] = [];
  for (;;) {
    const { value } = await news.next();
    if (value?.kind !== 'entry' || value.entry.kind !== 'call') continue;
    cards.push(value.entry.card);
    if (isSo(value.entry.card)) return cards;
  }
}

test('a call that is decided at once never shows as waiting', async () => {
  const { sessions, id, news } = await asking(note);
  const first = news.next();
  await sessions.send(id, say('Note.'), operator);
  await first;
  const cards = await cardsUntil(news, ({ state }) => state === 'done');
  expect(cards.map(({ state }) => state)).not.toContain('waiting');
});

test('a call that asks shows as waiting with the question it waits for, and the session says what for', async () => {
  const { sessions, approvals, id, news } = await asking(note, { approvalRequired: ['note'] });
  const first = news.next();
  await sessions.send(id, say('Note.'), operator);
  await first;
  const cards = await cardsUntil(news, ({ state }) => state === 'waiting');
  const [waiting] = approvals.list({ every: false, most: 10 });
  expect(cards.at(-1)).toMatchObject({ state: 'waiting', approval: waiting?.id });
  expect(sessions.get(id)).toMatchObject({ activity: 'waiting', detail: 'waits for your approval' });
  await approvals.answer(waiting!.id, { kind: 'once' }, undefined, operator);
  const after = await cardsUntil(news, ({ state }) => state === 'done');
  expect(after.at(-1)).toMatchObject({ approval: waiting?.id });
  await until(sessions, id, rested);
});

test('a question of the agent waits for an answer, and its card does as long', async () => {
  const question: ScriptedAnswer = { calls: [{ tool: 'ask_person', input: { question: 'Which?' } }] };
  const { sessions, approvals, id, news } = await asking(question);
  const first = news.next();
  await sessions.send(id, say('Ask.'), operator);
  await first;
  const cards = await cardsUntil(news, ({ state }) => state === 'waiting');
  const [waiting] = approvals.list({ every: false, most: 10 });
  expect(cards.at(-1)).toMatchObject({ tool: 'ask_person', state: 'waiting', approval: waiting?.id });
  expect(sessions.get(id)).toMatchObject({ activity: 'waiting', detail: 'waits for your answer' });
  await approvals.answer(waiting!.id, { kind: 'reply', text: 'this' }, undefined, operator);
  const after = await cardsUntil(news, ({ state }) => state === 'done');
  expect(after.at(-1)?.result).toContain('this');
  await until(sessions, id, rested);
});

test('a question that waits when Holdfast stops is the same one in the next life, and its answer reaches the call', async () => {
  const question: ScriptedAnswer = { calls: [{ tool: 'ask_person', input: { question: 'Which?' } }] };
  const folder = testFolder();
  const first = await asking(question, {}, folder);
  const told = first.news.next();
  await first.sessions.send(first.id, say('Ask.'), operator);
  await told;
  await cardsUntil(first.news, ({ state }) => state === 'waiting');
  const [before] = first.approvals.list({ every: false, most: 10 });
  await first.close();
  await first.approvals.close();

  const { sessions, approvals } = await asking(question, {}, folder);
  const { id } = first;
  await until(sessions, id, ({ activity }) => activity === 'waiting');
  expect(approvals.list({ every: true, most: 10 }).map((one) => one.id)).toEqual([before?.id]);
  await approvals.answer(before!.id, { kind: 'reply', text: 'this' }, undefined, operator);
  await until(sessions, id, rested);
  const { entries } = await sessions.transcript(id, undefined, 10);
  const [card] = entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card] : []));
  expect(card).toMatchObject({ state: 'done', result: expect.stringContaining('this') as string });
});
