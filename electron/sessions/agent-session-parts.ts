import type { Agent } from '../../shared/agent.ts';
import type { Approvals } from '../approvals/asking.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Later } from '../base/later.ts';
import type { Models } from '../models/models.ts';
import type { Tool } from '../tools/tool.ts';
import type { HandMakers } from './hand-makers.ts';
import type { SessionParts } from './session-parts.ts';

/** Tools that come and go while sessions are at work. */
export interface ServedBeside {
  /** Looks at what there is; `tools` tells of it until the next time. */
  ready(): Promise<void>;
  tools(): readonly Tool[];
}

/** What sessions with agents are made of. */
export interface AgentSessionParts extends SessionParts {
  readonly record: Pick<
    AuditRecord,
    'append' | 'appendAll' | 'rows' | 'query' | 'blob' | 'searchBlobs' | 'follow' | 'onErased'
  >;
  readonly agents: {
    get(name: string): Promise<Agent>;
    fromValue(declaration: unknown): Promise<Agent>;
  };
  readonly models: Later<Models>;
  readonly approvals: Later<Approvals>;
  readonly tools: Later<readonly Tool[]>;
  /** Tools of servers that others wrote, beside our own. */
  readonly served?: ServedBeside | undefined;
  readonly hands: Later<HandMakers>;
  /** The person’s home, for `~/` in an agent’s file. */
  readonly home: string;
}
