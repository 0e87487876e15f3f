import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type AgentSessionWish, agentSessionWishSchema } from '../../../../shared/agent-session.ts';
import type { SandboxKind } from '../../../../shared/session.ts';
import { type Clock, systemClock } from '../../../base/clock.ts';
import { silentLog } from '../../../base/log.ts';
import { createNamespaceExecutor } from '../../../sandbox/namespace-executor.ts';
import { createReviewer } from '../../../sandbox/review.ts';
import type { Executor } from '../../../sandbox/sandbox.ts';
import { testFolder } from '../../testing/some-sessions.ts';
import { type ScriptedAnswer, ScriptedModels } from './scripted-models.ts';
import { operator, rested, someAgentSessions, until } from './some-agent-sessions.ts';
import { someAgent } from './some-agent.ts';
import { readTool, runTool, writeTool } from './some-tools.ts';

const capabilities = [
  'tool: read',
  'tool: write',
  'tool: run',
  'file_read: $folder/*',
  'file_write: $folder/*',
  'exec: *',
];

/** A folder of the person’s with one file, that sandboxes reach. */
export function somePlace() {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const work = join(folder, 'work');
  mkdirSync(work);
  chmodSync(work, 0o777);
  writeFileSync(join(work, 'file'), 'as it was');
  chmodSync(join(work, 'file'), 0o666);
  return { folder, work };
}

interface LifeOptions {
  readonly clock?: Clock;
  /** Where it is contained in another way than by the kernel’s namespaces. */
  readonly executor?: (data: string) => Executor;
  readonly sandbox?: SandboxKind;
}

/** A life on a folder, with real sandboxes; each turn follows the script for what was said. */
export async function sandboxLife(
  folder: string,
  script: (said: string) => readonly ScriptedAnswer[],
  { clock = systemClock, executor, sandbox = 'namespace' }: LifeOptions = {},
) {
  const data = join(folder, 'data');
  const namespaces = createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data,
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
  onTestFinished(() => namespaces.close());
  const contains = executor?.(data) ?? namespaces;
  if (executor) onTestFinished(() => contains.close());
  const some = await someAgentSessions({
    folder,
    clock,
    executor: contains,
    reviewer: createReviewer({ openOwn: namespaces.openOwn, masked: () => Promise.resolve([data]) }),
    agents: [someAgent({ capabilities })],
    tools: [readTool, writeTool, runTool],
    models: (record) =>
      new ScriptedModels(record, ({ messages }) => {
        const asked = messages.findLastIndex(
          ({ role, parts }) => role === 'user' && parts.some(({ kind }) => kind === 'text'),
        );
        const said = messages[asked]?.parts.find((part) => part.kind === 'text');
        const steps = script(said?.kind === 'text' ? said.text : '');
        return (
          steps[messages.slice(asked).filter(({ role }) => role === 'assistant').length] ?? { text: 'done' }
        );
      }),
  });
  const open = (folders: AgentSessionWish['folders']) =>
    some.sessions.open(agentSessionWishSchema.parse({ agent: 'tester', folders, sandbox }), operator);
  let turns = 0;
  const ask = async (id: string, text: string) => {
    turns = some.sessions.get(id).turns;
    await some.sessions.send(id, [{ kind: 'text', text }], operator);
    await until(some.sessions, id, (one) => rested(one) && one.turns > turns);
    const { entries } = await some.sessions.transcript(id, undefined, 100);
    return entries.flatMap((entry) => (entry.kind === 'call' ? [entry.card] : []));
  };
  return { ...some, open, ask };
}

export const callOf = (tool: string, input: Record<string, unknown>): ScriptedAnswer => ({
  calls: [{ tool, input }],
});
export const runLine = (line: string, writes = true) => callOf('run', { argv: ['sh', '-c', line], writes });
