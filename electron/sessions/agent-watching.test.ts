import { expect, test } from 'vitest';
import { type AgentSession, agentSessionWishSchema, type SessionNews } from '../../shared/agent-session.ts';
import { noticingRecord } from './agents/noticing-record.ts';
import { operator, rested, someAgentSessions, until } from './agents/testing/some-agent-sessions.ts';
import { someAgent } from './agents/testing/some-agent.ts';
import { notingTool } from './agents/testing/some-tools.ts';
import { ScriptedModels } from './agents/testing/scripted-models.ts';

const wish = agentSessionWishSchema.parse({ agent: 'tester' });
const say = (text: string) => [{ kind: 'text' as const, text }];
const note = (line: string) => ({ tool: 'note', input: { line } });

/** A session whose agent makes so many calls at once, and how often the record was read for it. */
async function noting(calls: number) {
  const read = { blobs: 0, pages: 0 };
  const some = await someAgentSessions({
    agents: [someAgent({ capabilities: ['tool: note'] })],
    tools: [notingTool([], { parallel: true })],
    models: (record) =>
      new ScriptedModels(record, [
        { calls: Array.from({ length: calls }, (_, i) => note(`line ${i}`)) },
        { text: 'done' },
      ]),
    through(record) {
      const through = noticingRecord(record, () => undefined);
      return {
        ...through,
        blob(...asked) {
          read.blobs++;
          return through.blob(...asked);
        },
        query(asked) {
          read.pages++;
          return through.query(asked);
        },
      };
    },
  });
  const { id } = await some.sessions.open(wish, operator);
  return { ...some, id, read };
}

/** Takes news until the session has ended. */
async function toTheEnd(news: AsyncGenerator<SessionNews, void>): Promise<Map<string, string>> {
  const last = new Map<string, string>();
  for await (const one of news) {
    if (one.kind !== 'entry') continue;
    const { entry } = one;
    if (entry.kind === 'call') last.set(entry.card.call, entry.card.state);
    else last.set(`${entry.kind} ${entry.seq}`, entry.kind === 'answer' ? entry.text : '');
  }
  return last;
}

test('forty who follow a session see the same as one, and the record is read for them once', async () => {
  const { sessions, id, read } = await noting(5);
  const leaving = new AbortController();
  const following = Array.from({ length: 40 }, () => {
    const news = sessions.follow(id, 0, leaving.signal);
    // It follows from its first step on.
    const first = news.next();
    return first.then(() => toTheEnd(news));
  });
  await sessions.send(id, say('Note.'), operator);
  await until(sessions, id, rested);
  const before = { ...read };
  await sessions.stop(id, operator);
  const seen = await Promise.all(following);
  for (const each of seen) expect(each).toEqual(seen[0]);
  expect([...seen[0]!.values()].filter((state) => state === 'done')).toHaveLength(6);
  const { entries } = await sessions.transcript(id, undefined, 100);
  expect(seen[0]!.size).toBe(entries.length);
  // Each of them alone would have read at least what the answer, its calls and their results are.
  expect(before.blobs).toBeLessThan(40 * 12);
});

test('a follower that takes nothing while hundreds of calls run is given each of them later, as it is then', async () => {
  const calls = 240;
  const { sessions, id } = await noting(calls);
  const leaving = new AbortController();
  const slow = sessions.follow(id, undefined, leaving.signal);
  expect((await slow.next()).value).toMatchObject({ kind: 'session' });
  // It waits for something from now on, and is told of the first of it.
  const second = slow.next();
  await sessions.send(id, say('Note.'), operator);
  await second;
  await until(sessions, id, rested);
  await sessions.stop(id, operator);
  const states = [...(await toTheEnd(slow)).values()].filter((state) => state === 'done');
  expect(states).toHaveLength(calls + 1);
});

test('a watcher that is slow is told of each session as it is when it asks, and not of what was between', async () => {
  const { sessions, id } = await noting(3);
  const leaving = new AbortController();
  const watched = sessions.watch(leaving.signal);
  await watched.next();
  const told = watched.next();
  await sessions.send(id, say('Note.'), operator);
  await until(sessions, id, rested);
  await told;
  const seen: AgentSession[] = [];
  for await (const session of watched) {
    seen.push(session);
    if (rested(session)) leaving.abort();
  }
  expect(seen).toHaveLength(1);
});
