import type { Settings } from '../../shared/settings.ts';
import type { Agents } from '../agents/agents.ts';
import type { Later } from '../base/later.ts';
import type { PassingDoor } from '../models/passing-door.ts';
import type { OpenOwnSandbox } from '../sandbox/own-work.ts';
import type { PresetImages } from './preset-images.ts';
import type { SessionMcp } from './session-mcp.ts';
import type { SessionParts } from './session-parts.ts';
import type { Sessions } from './sessions.ts';
import type { WorkRecords } from './work-records.ts';

/** What sessions of command agents are made of, beside what all sessions are. */
export interface WorkParts extends SessionParts {
  readonly sessions: Sessions;
  readonly agents: Pick<Agents, 'get' | 'commandLine' | 'runsPreset'>;
  /** With known agents in them; null: none can be made here. */
  readonly images: Later<Pick<PresetImages, 'newest'>> | null;
  readonly settings: () => Settings;
  /** To models, for agents that are given no key; null: there is none. */
  readonly door: Later<Pick<PassingDoor, 'answer' | 'check'>> | null;
  /** For agents whose file lets them speak MCP with Holdfast; null: nobody answers them. */
  readonly mcp: Later<SessionMcp> | null;
  /** For Holdfast’s own work on what sandboxes wrote. */
  readonly openOwn: OpenOwnSandbox;
  /** Whose what sandboxes write is to be; null: our own. */
  readonly account: () => Promise<{ readonly uid: number; readonly gid: number } | null>;
  /** Null: no records are kept on disk. */
  readonly records: Pick<WorkRecords, 'begin'> | null;
}
