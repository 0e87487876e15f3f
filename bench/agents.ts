/**
 * The loop of an agent: a turn whose model and tool answer at once, against the same events appended one after another
 * by bare code in the same run; and a hundred sessions side by side.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Draft } from '../shared/events/catalogue.ts';
import { agentSessionWishSchema } from '../shared/agent-session.ts';
import type { AgentSessionParts } from '../electron/sessions/agent-session-parts.ts';
import type { AgentSessions } from '../electron/sessions/agent-sessions.ts';
import { agentHouse } from './parts/agent-house.ts';
import { median, quick, report } from './parts/report.ts';

const operator = { kind: 'operator' } as const;
const wish = agentSessionWishSchema.parse({ agent: 'bench' });
const turns = quick ? 40 : 200;
const many = 100;
const steps = quick ? 5 : 10;

/** Hears what is appended, and of each turn that has ended, as soon as that is durable. */
function listening() {
  const heard: (readonly Draft[])[] = [];
  const ended = new Map<string, () => void>();
  const appended = async <Result>(
    drafts: readonly Draft[],
    append: () => Promise<Result>,
  ): Promise<Result> => {
    heard.push(drafts);
    const result = await append();
    for (const { kind, scope } of drafts) if (kind === 'turn.finished') ended.get(scope?.session ?? '')?.();
    return result;
  };
  const through = (record: AgentSessionParts['record']): AgentSessionParts['record'] => ({
    append: (draft) => appended([draft], () => record.append(draft)),
    appendAll: (drafts) => appended(drafts, () => record.appendAll(drafts)),
    rows: (sql, ...values) => record.rows(sql, ...values),
    query: (question) => record.query(question),
    blob: (seq, index, offset) => record.blob(seq, index, offset),
    searchBlobs: (question) => record.searchBlobs(question),
    follow: (question, signal) => record.follow(question, signal),
    onErased: (listener) => record.onErased(listener),
  });
  const turn = async (sessions: AgentSessions, session: string): Promise<number> => {
    const rested = new Promise<void>((resolve) => ended.set(session, resolve));
    const begun = performance.now();
    await sessions.send(session, [{ kind: 'text', text: 'Go.' }], operator);
    await rested;
    return performance.now() - begun;
  };
  return { heard, through, turn };
}

const { heard, through, turn } = listening();
const one = await agentHouse(1, through);
const { id } = await one.sessions.open(wish, operator);
for (let i = 0; i < 10; i++) await turn(one.sessions, id);

const looped: number[] = [];
const bare: number[] = [];
for (let i = 0; i < turns; i++) {
  heard.length = 0;
  looped.push(await turn(one.sessions, id));
  const again = [...heard];
  const begun = performance.now();
  for (const drafts of again) await one.record.appendAll(drafts);
  bare.push(performance.now() - begun);
}
const overhead = looped.map((milliseconds, i) => milliseconds - bare[i]!);
report({
  name: 'a turn over the durable appends it waits for',
  figure: `${median(looped).toFixed(2)} ms with ${heard.length} appends`,
  compared: `${median(bare).toFixed(2)} ms`,
  value: median(overhead),
  aim: { atMost: 1 },
  unit: ' ms',
});
await one.close();

interface Onlookers {
  readonly watchers: number;
  readonly followers: number;
}

/** A hundred sessions at work at a time, and how free the process is meanwhile. */
async function crowded(name: string, { watchers, followers }: Onlookers): Promise<void> {
  const crowd = listening();
  const house = await agentHouse(steps, crowd.through);
  const opened = await Promise.all(Array.from({ length: many }, () => house.sessions.open(wish, operator)));
  const leaving = new AbortController();
  let news = 0;
  const look = async (told: AsyncGenerator<unknown, void>) => {
    for await (const each of told) news += JSON.stringify(each).length > 0 ? 1 : 0;
  };
  const looking = [
    ...Array.from({ length: watchers }, () => look(house.sessions.watch(leaving.signal))),
    ...opened
      .slice(0, followers)
      .map((session) => look(house.sessions.follow(session.id, undefined, leaving.signal))),
  ];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  delay.enable();
  const begun = performance.now();
  await Promise.all(opened.map((session) => crowd.turn(house.sessions, session.id)));
  const seconds = (performance.now() - begun) / 1000;
  delay.disable();
  clearInterval(watch);
  const told = looking.length > 0 ? `, ${news} news to ${looking.length} onlookers` : '';
  const done = `${many} sessions of ${steps} steps in ${seconds.toFixed(1)} s${told}`;
  report({
    name: `delay of the event loop, 99th of a hundred${name}`,
    figure: done,
    compared: `mean ${(delay.mean / 1e6).toFixed(1)} ms, most ${(delay.max / 1e6).toFixed(0)} ms`,
    value: delay.percentile(99) / 1e6,
    aim: { atMost: 50 },
    unit: ' ms',
  });
  report({
    name: `memory of the process meanwhile${name}`,
    figure: done,
    compared: `${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB afterwards`,
    value: most / 2 ** 20,
    aim: { atMost: 600 },
    unit: ' MB',
  });
  leaving.abort();
  await Promise.all(looking);
  await house.close();
}

await crowded('', { watchers: 0, followers: 0 });
await crowded(', looked on', { watchers: 20, followers: many });
