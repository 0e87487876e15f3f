import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Agent } from '../../../../shared/agent.ts';
import { Problem } from '../../../../shared/problem.ts';
import type { AgentSession } from '../../../../shared/agent-session.ts';
import type { Approvals, PlannedCall, Verdict } from '../../../approvals/asking.ts';
import { openRecord } from '../../../audit/open-record.ts';
import type { AuditRecord } from '../../../audit/record.ts';
import { type Clock, systemClock } from '../../../base/clock.ts';
import { silentLog } from '../../../base/log.ts';
import { CapabilityTokens } from '../../../capabilities/capability-tokens.ts';
import { createPathOpener } from '../../../capabilities/open-path.ts';
import { openVault } from '../../../store/open-vault.ts';
import type { Models } from '../../../models/models.ts';
import type { Executor } from '../../../sandbox/sandbox.ts';
import type { Tool } from '../../../tools/tool.ts';
import type { HandMakers } from '../../hand-makers.ts';
import type { AgentSessionParts } from '../../agent-session-parts.ts';
import type { SessionParts } from '../../session-parts.ts';
import { AgentSessions } from '../../agent-sessions.ts';
import { missingReviewer } from '../../testing/missing-reviewer.ts';
import type { Reviewer } from '../../reviewer.ts';
import { testFolder } from '../../testing/some-sessions.ts';

export const operator = { kind: 'operator' } as const;
export const never = new AbortController().signal;

const threads = {
  writer: new URL('../../../writer.ts', import.meta.url),
  reader: new URL('../../../reader.ts', import.meta.url),
};

export interface SomeOptions {
  readonly folder?: string;
  readonly clock?: Clock;
  readonly agents?: readonly Agent[];
  /** What a declaration in a call is. */
  readonly described?: (declaration: unknown) => Promise<Agent>;
  readonly tools?: readonly Tool[];
  readonly served?: AgentSessionParts['served'];
  readonly approvals?: Approvals | ((record: AuditRecord) => Approvals);
  readonly executor?: Executor;
  readonly reviewer?: Reviewer;
  readonly models: (record: AuditRecord) => Models;
  /** Where notes, jobs and the like are kept; nowhere otherwise. */
  readonly hands?: (record: AuditRecord) => HandMakers;
  /** Stands between the sessions and the record. */
  readonly through?: (record: AuditRecord) => AgentSessionParts['record'];
}

/** Agrees to everything, and keeps what it was asked. */
export class AgreeingApprovals implements Approvals {
  readonly asked: PlannedCall[] = [];
  withdrawn: string[] = [];

  decide(call: PlannedCall): Promise<Verdict> {
    this.asked.push(call);
    const by = { who: 'level', rule: null, approval: null, words: 'the test agrees' } as const;
    return Promise.resolve({ may: true, input: call.input, by });
  }

  question(): Promise<string> {
    return Promise.resolve('yes');
  }

  withdraw(of: string): Promise<void> {
    this.withdrawn.push(of);
    return Promise.resolve();
  }
}

const none = (): never => {
  throw new Error('nothing of this kind is here');
};

export const noHands: HandMakers = {
  mail: none,
  search: none,
  ready: () => ({ searches: false }),
  jobs: none,
  notes: none,
  memory: none,
  skills: none,
  refusal: () => Promise.resolve(null),
  prompt: () => Promise.resolve({ above: [], below: [] }),
  lost: () => Promise.resolve([]),
  ended: () => Promise.resolve(),
};

/** Sessions with agents over a real record and tokens; closed when the test is over. */
export async function someAgentSessions(options: SomeOptions) {
  const { folder = testFolder(), clock = systemClock, agents = [], tools = [] } = options;
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const log = silentLog();
  const vault = await openVault({ folder: data, clock: systemClock });
  const record = await openRecord({ folder: data, vault, clock: systemClock, log, version: 'test', threads });
  const tokens = await CapabilityTokens.open({ record, clock, log, random: randomBytes });
  const models = options.models(record);
  const { approvals: chosen = new AgreeingApprovals() } = options;
  const approvals = typeof chosen === 'function' ? chosen(record) : chosen;
  const hands = options.hands?.(record) ?? noHands;
  const parts: SessionParts = {
    record: options.through?.(record) ?? record,
    clock,
    log,
    vault,
    tokens,
    data,
    open: createPathOpener(),
    executor: () =>
      options.executor ? Promise.resolve(options.executor) : Promise.reject(new Error('no sandbox')),
    reviewer: options.reviewer ?? missingReviewer('There is none here.', 'Look elsewhere.'),
    ownPlaces: () => Promise.resolve([data]),
  };
  const sessions = AgentSessions.open({
    ...parts,
    record: options.through?.(record) ?? record,
    served: options.served,
    agents: {
      get: (name) => {
        const found = agents.find((agent) => agent.name === name);
        return found
          ? Promise.resolve(found)
          : Promise.reject(new Problem('not_found', `There is no agent ${name}.`));
      },
      fromValue: options.described ?? (() => Promise.reject(new Error('no declarations here'))),
    },
    models: () => Promise.resolve(models),
    approvals: () => Promise.resolve(approvals),
    tools: () => Promise.resolve(tools),
    hands: () => Promise.resolve(hands),
    home: folder,
  });
  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= (async () => {
      await sessions.close();
      await tokens.close();
      await record.close();
    })());
  onTestFinished(close);
  return { sessions, parts, record, tokens, folder, data, models, approvals, close };
}

/** Resolves with the session as soon as it is so. */
export async function until(
  sessions: AgentSessions,
  id: string,
  isSo: (session: AgentSession) => boolean,
): Promise<AgentSession> {
  const leaving = new AbortController();
  try {
    for await (const session of sessions.watch(leaving.signal)) {
      if (session.id === id && isSo(session)) return session;
      const now = sessions.get(id);
      if (isSo(now)) return now;
    }
  } finally {
    leaving.abort();
  }
  throw new Error('the sessions were not watched to the end');
}

export const rested = ({ activity, turns, queued }: AgentSession) =>
  activity === 'idle' && turns > 0 && queued === 0;
