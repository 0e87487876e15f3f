import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Agent } from '../../../../shared/agent.ts';
import { type AgentSessionWish, agentSessionWishSchema } from '../../../../shared/agent-session.ts';
import type { ResultPart } from '../../../../shared/conversation.ts';
import { Problem } from '../../../../shared/problem.ts';
import { systemClock } from '../../../base/clock.ts';
import { silentLog } from '../../../base/log.ts';
import type { Executor, Sandbox } from '../../../sandbox/sandbox.ts';
import { createNamespaceExecutor } from '../../../sandbox/namespace-executor.ts';
import { tools } from '../../../tools/catalogue.ts';
import { ToolRoom } from '../../../tools/tool-room.ts';
import { testFolder } from '../../testing/some-sessions.ts';
import { type ScriptedAnswer, ScriptedModels } from './scripted-models.ts';
import { operator, rested, someAgentSessions, until } from './some-agent-sessions.ts';
import { someAgent } from './some-agent.ts';

const nobody = 65_534;

type Call = readonly [tool: string, input: Record<string, unknown>];

/** A folder that the account of root's sandboxes reaches and may write. */
export function workPlace(): { folder: string; work: string } {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const work = join(folder, 'work');
  mkdirSync(work);
  chmodSync(work, 0o777);
  // Root’s sandboxes run under another account, and git asks whose a folder is.
  if (process.getuid?.() === 0) chownSync(work, nobody, nobody);
  return { folder, work };
}

/** An agent with every tool, the folder, and every command. */
export function handyAgent(said: Partial<Agent> = {}): Agent {
  return someAgent({
    capabilities: [
      ...tools.map(({ name }) => `tool: ${name}`),
      'file_read: $folder/*',
      'file_write: $folder/*',
      'git_commit: $folder/*',
      'cargo_run: $folder/*',
      'exec: *',
    ],
    skills: '*',
    notes: { mostCount: 10, mostBytes: 1000, section: 'below' },
    memory: { ...someAgent().memory, episodic: true },
    ...said,
    limits: { ...someAgent().limits, repeats: 100, ...said.limits },
  });
}

/** The same executor, whose commands find programs in this folder first. */
function findingProgramsIn(folder: string, executor: Executor): Executor {
  const found = (sandbox: Sandbox) =>
    passingOn(sandbox, {
      exec: (command) =>
        sandbox.exec({
          ...command,
          environment: { ...command.environment, PATH: `${folder}:/usr/bin:/bin` },
        }),
    });
  return passingOn(executor, {
    async prepare(...wanted) {
      const prepared = await executor.prepare(...wanted);
      return passingOn(prepared, { start: async () => found(await prepared.start()) });
    },
  });
}

/** Whatever is not in `instead` is the thing’s own. */
function passingOn<Thing extends object>(thing: Thing, instead: Partial<Thing>): Thing {
  return new Proxy(thing, {
    get(_, name) {
      const value: unknown = Reflect.get(name in instead ? instead : thing, name);
      return typeof value === 'function' && !(name in instead) ? (value.bind(thing) as unknown) : value;
    },
  });
}

/** Every tool there is in a life with real sandboxes: a model that calls what the test says, and hears the results. */
export async function toolLife(
  folder: string,
  agents: readonly Agent[] = [handyAgent()],
  { programs = null }: { programs?: string | null } = {},
) {
  const data = join(folder, 'data');
  const executor = createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data,
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
  onTestFinished(() => executor.close());
  const used = programs === null ? executor : findingProgramsIn(programs, executor);
  const rooms: ToolRoom[] = [];
  let answers: readonly ScriptedAnswer[] = [];
  let models: ScriptedModels | undefined;
  const absent = (what: string) => () => Promise.reject(new Problem('unavailable', `no ${what} here`));
  const some = await someAgentSessions({
    folder,
    executor: used,
    agents,
    tools,
    hands(record) {
      const skills = { bundled: join(folder, 'skills'), own: join(folder, 'own-skills') };
      const vault = { get: () => undefined };
      const log = silentLog();
      const room = new ToolRoom({
        record,
        vault,
        clock: systemClock,
        log,
        models: absent('models'),
        skills,
      });
      rooms.push(room);
      return room.hands;
    },
    models: (record) =>
      (models = new ScriptedModels(record, ({ messages }) => {
        const asked = messages.findLastIndex(
          ({ role, parts }) => role === 'user' && parts.some(({ kind }) => kind === 'text'),
        );
        const said = messages.slice(asked).filter(({ role }) => role === 'assistant').length;
        return answers[said] ?? { text: 'done' };
      })),
  });
  const [room] = rooms;
  if (!room) throw new Error('there is no room of tools');
  const close = async () => {
    room.leave();
    await some.close();
    await room.close();
  };
  onTestFinished(close);
  const open = (folders: AgentSessionWish['folders'], agent = 'tester') =>
    some.sessions.open(agentSessionWishSchema.parse({ agent, folders }), operator);
  /** Begins a turn with these calls, one answer after the other. */
  const begin = async (id: string, ...groups: (readonly Call[])[]) => {
    answers = groups.map((calls) => ({ calls: calls.map(([tool, input]) => ({ tool, input })) }));
    await some.sessions.send(id, [{ kind: 'text', text: 'go' }], operator);
  };
  /** A whole turn; what the model heard of each call, in order. */
  const ask = async (id: string, ...groups: (readonly Call[])[]) => {
    const { turns } = some.sessions.get(id);
    await begin(id, ...groups);
    await until(some.sessions, id, (one) => rested(one) && one.turns > turns);
    const heard = models?.calls.at(-1)?.messages ?? [];
    const since = heard.findLastIndex(({ parts }) =>
      parts.some((part) => part.kind === 'text' && part.text === 'go'),
    );
    return heard
      .slice(since)
      .flatMap(({ parts }) => parts.filter((part): part is ResultPart => part.kind === 'result'))
      .map(({ ok, content }) => {
        const text = content.map((part) => (part.kind === 'text' ? part.text : '')).join('');
        return {
          ok,
          text,
          value: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : null,
        };
      });
  };
  return {
    ...some,
    room,
    open,
    begin,
    ask,
    close,
    prompts: () => models?.calls.map(({ system }) => system) ?? [],
  };
}
