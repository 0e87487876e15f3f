import type { Agent } from '../../shared/agent.ts';
import type { Id } from '../../shared/ids.ts';
import type { FolderWish } from '../../shared/session.ts';
import type { CallBudgets } from '../models/models.ts';
import type { EgressGate } from '../sandbox/egress.ts';
import type { RunningCommand } from '../sandbox/sandbox.ts';
import type { OutsideOf } from './allowed-tool.ts';
import type { JobHands, MailHands, MemoryHands, NoteHands, SearchHands, SkillHands } from './hands.ts';
import type { Ready } from './tool.ts';

/** Whose hands they are. */
export interface HandsOf {
  readonly agent: Agent;
  readonly session: Id<'session'>;
  readonly call: Id<'call'>;
  readonly folders: readonly FolderWish[];
  /** What a model that is asked on the way may spend; undefined: what the settings allow in all. */
  readonly budgets?: (() => CallBudgets) | undefined;
}

/** Runs a line for a job, under the agent’s own rights, in the session’s sandbox. */
export type RunLine = (job: {
  readonly argv: readonly string[];
  readonly cwd: string | null;
  readonly writes: boolean;
}) => Promise<RunningCommand>;

/** One file for the sandbox’s own home. */
export interface ScratchFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Puts files into the scratch of the session’s sandbox, over those of the same names. */
export type PutInScratch = (files: readonly ScratchFile[]) => Promise<void>;

/** Asks the tokens before the engine is asked, and hears of the connection. */
export interface SearchRight {
  readonly authorize: () => Promise<void>;
  readonly told: EgressGate['told'];
}

/** What hands are made of that this room keeps. Each is made for one call. */
export interface HandMakers {
  readonly mail: (of: HandsOf) => MailHands;
  readonly search: (right: SearchRight) => SearchHands;
  /** What a person has set up for tools to work with. */
  readonly ready: () => Ready;
  readonly jobs: (of: HandsOf, run: RunLine) => JobHands;
  readonly notes: (of: HandsOf) => NoteHands;
  readonly memory: (of: HandsOf) => MemoryHands;
  readonly skills: (of: HandsOf, put: PutInScratch) => SkillHands;
  /** Why a call may not be made after this skill was read; null: it may. */
  readonly refusal: (
    of: Pick<HandsOf, 'agent'>,
    skill: string,
    tool: string,
    outsideOf: OutsideOf,
  ) => Promise<string | null>;
  /** What the prompt says of skills, pinned notes and the like: parts above and below the agent’s own words. */
  readonly prompt: (of: Omit<HandsOf, 'call'>) => Promise<{ above: string[]; below: string[] }>;
  /** What a session that ends, or a life that was killed, leaves: jobs that are lost, in words for the model. */
  readonly lost: (session: Id<'session'>) => Promise<readonly string[]>;
  readonly ended: (session: Id<'session'>) => Promise<void>;
}
