import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Agent } from '../../../../shared/agent.ts';
import type { Id } from '../../../../shared/ids.ts';
import { Problem } from '../../../../shared/problem.ts';
import type { Scaffold } from '../../../../shared/scaffold.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import { systemClock } from '../../../base/clock.ts';
import { newId } from '../../../base/ids.ts';
import { silentLog } from '../../../base/log.ts';
import type { Models } from '../../../models/models.ts';
import { createNamespaceExecutor } from '../../../sandbox/namespace-executor.ts';
import type { Executor } from '../../../sandbox/sandbox.ts';
import type { Tool } from '../../../tools/tool.ts';
import { tools as everyTool } from '../../../tools/catalogue.ts';
import { ToolRoom } from '../../../tools/tool-room.ts';
import type { AgentSessionParts } from '../../agent-session-parts.ts';
import type { SubtaskHears, SubtaskOrder } from '../../subtask-sessions.ts';
import { testFolder } from '../../testing/some-sessions.ts';
import { ScriptedModels } from './scripted-models.ts';
import { type SomeOptions, someAgentSessions } from './some-agent-sessions.ts';
import { someAgent } from './some-agent.ts';

const nobody = 65_534;

/** A folder for lives, that sandboxes reach. */
export function partPlace(): string {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  return folder;
}

/** A folder of the person’s that root’s sandboxes may write too. */
export function givenFolder(folder: string, name = 'given'): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o777);
  return path;
}

interface LifeOptions extends Pick<SomeOptions, 'approvals' | 'clock' | 'agents'> {
  readonly models?: (record: AuditRecord) => Models;
  readonly tools?: readonly Tool[];
  /** Where parts are contained in another way than by the kernel’s namespaces. */
  readonly executor?: (data: string) => Executor;
  readonly through?: (record: AuditRecord) => AgentSessionParts['record'];
}

function namespaces(data: string): Executor {
  return createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data,
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
}

/** A life on a folder with real sandboxes, in which parts of runs are carried out. */
export async function partLife(folder: string, options: LifeOptions = {}) {
  const data = join(folder, 'data');
  const { executor: make = namespaces } = options;
  const executor = make(data);
  onTestFinished(() => executor.close());
  const rooms: ToolRoom[] = [];
  const life = await someAgentSessions({
    tools: everyTool,
    models: (record) => new ScriptedModels(record, [{ text: 'done' }]),
    ...options,
    folder,
    executor,
    hands(record) {
      const absent = () => Promise.reject(new Problem('unavailable', 'no models here'));
      const skills = { bundled: join(folder, 'skills'), own: join(folder, 'own-skills') };
      const vault = { get: () => undefined };
      const room = new ToolRoom({
        record,
        vault,
        clock: systemClock,
        log: silentLog(),
        models: absent,
        skills,
      });
      rooms.push(room);
      return room.hands;
    },
  });
  const close = async () => {
    for (const room of rooms) room.leave();
    await life.close();
    for (const room of rooms) await room.close();
  };
  onTestFinished(close);
  return { ...life, executor, close, subtasks: life.sessions.subtasks };
}

/** A run with a folder of its own below the data folder. */
export function someRun(folder: string): { run: Id<'run'>; runFolder: string } {
  const run = newId('run', new Date());
  const runFolder = join(folder, 'data', 'runs', run);
  mkdirSync(runFolder, { recursive: true, mode: 0o700 });
  if (process.getuid?.() === 0) chownSync(runFolder, nobody, nobody);
  return { run, runFolder };
}

export function someOrder(
  { run, runFolder }: { run: Id<'run'>; runFolder: string },
  said: Partial<SubtaskOrder> = {},
): SubtaskOrder {
  return {
    run,
    subtask: newId('subtask', new Date()),
    name: 'part',
    agent: someAgent(),
    message: 'Do your part.',
    folders: [],
    reviewed: [],
    runFolder,
    hosts: [],
    sandbox: 'namespace',
    image: null,
    approvals: 'boundaries',
    unattended: 'wait',
    budget: null,
    runBudget: { tokens: null, micros: null },
    seconds: null,
    ...said,
  };
}

/** An agent whose code does this, with every right to its run’s folder. */
export function scaffolded(scaffold: Scaffold, runFolder: string, said: Partial<Agent> = {}): Agent {
  const capabilities = [`file_read: ${runFolder}/*`, `file_write: ${runFolder}/*`, 'exec: *'];
  return someAgent({ name: scaffold.kind, capabilities, scaffold, ...said });
}

export const unheard: SubtaskHears = { session: () => undefined, asking: () => undefined };

export const runner = (argv: string[], report: string | null = null) =>
  ({ kind: 'runner', argv, cwd: null, report, seconds: null }) as const;
