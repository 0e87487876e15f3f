import type { Id } from '../../shared/ids.ts';
import type { Job } from '../../shared/job.ts';
import type { MemoryCategory } from '../../shared/memory.ts';
import type { Command, RunningCommand } from '../sandbox/sandbox.ts';
import type { SandboxFiles, WriteHow } from '../sandbox/files.ts';

/**
 * What a tool may touch the world with. Every method asks the agent's tokens first and writes denials down;
 * nothing here is reachable in another way. A session makes one for each call.
 */
export interface Hands {
  readonly agent: string;
  readonly session: Id<'session'>;
  readonly call: Id<'call'>;
  /** Where relative paths begin; null: the sandbox's own home. */
  readonly folder: string | null;
  readonly now: () => Date;
  readonly files: FileHands;
  /** Runs in the session's sandbox, under rights no wider than the agent's for this call. */
  exec(command: Command & { readonly writes: boolean }): Promise<RunningCommand>;
  /**
   * Runs a program of Holdfast’s own choosing that only reads: under `read` and the system’s own folders, and nothing
   * is written. No `exec` is asked of the tokens, since nothing of the agent’s is run; `read` was authorised before.
   */
  look(command: Command & { readonly read: string }): Promise<RunningCommand>;
  /** Asks the tokens for a kind of work in a folder; a denial is on the record before it is thrown. */
  mayIn(kind: 'cargo_run' | 'git_commit', folder: string): Promise<void>;
  /** Through the broker, each host asked of the tokens, private addresses refused. */
  readonly web: WebHands;
  /** Asks the engine that the person set up; the right to search is asked of the tokens. */
  readonly search: SearchHands;
  readonly mail: MailHands;
  readonly children: ChildHands;
  readonly person: PersonHands;
  readonly jobs: JobHands;
  readonly notes: NoteHands;
  readonly memory: MemoryHands;
  readonly skills: SkillHands;
  /** What this session has: tools, folders, hosts, rights, in words. */
  readonly surroundings: () => Promise<string>;
}

/** Files in the sandbox by real path: opened, asked of the tokens, and carried out by the helper inside. */
export interface FileHands {
  read(
    path: string,
    options?: { offset?: number; most?: number },
  ): Promise<{ bytes: Buffer; size: number; path: string }>;
  write(path: string, bytes: Uint8Array, how: WriteHow): Promise<{ path: string }>;
  list(
    path: string,
    most: number,
  ): Promise<{ path: string; entries: { name: string; kind: string; size: number }[]; more: boolean }>;
  makeFolder(path: string): Promise<void>;
  /** The real path where the tokens allow reading it. */
  readable(path: string): Promise<string>;
  readonly raw: Pick<SandboxFiles, 'facts'>;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whether there was more than `most`. */
  readonly cut: boolean;
}

export interface WebHands {
  /** One exchange, no redirect followed. */
  request(
    request: {
      url: URL;
      method: string;
      headers: Readonly<Record<string, string>>;
      body: Uint8Array | null;
      most: number;
      timeoutMs: number;
    },
    signal: AbortSignal,
  ): Promise<WebAnswer>;
}

export interface FoundPage {
  readonly title: string;
  readonly url: string;
  readonly excerpt: string;
}

export interface SearchHands {
  find(
    query: string,
    count: number,
    signal: AbortSignal,
  ): Promise<{ readonly engine: string; readonly pages: readonly FoundPage[] }>;
}

export interface Mail {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

export interface MailHands {
  send(mail: Mail, signal: AbortSignal): Promise<{ id: string; accepted: readonly string[] }>;
}

export interface ChildWish {
  /** A declared agent's name, or a declaration written here (YAML or an object). */
  readonly agent: string | Readonly<Record<string, unknown>>;
  readonly message: string;
  /** Quoted as data, never as instructions. */
  readonly priorFindings: string | null;
}

export interface ChildDone {
  readonly session: Id<'session'>;
  readonly agent: string;
  readonly response: string;
  readonly stopReason: string;
  readonly iterations: number;
  readonly retried: boolean;
  readonly error: string | null;
}

export interface ChildHands {
  /** In the order asked for; a child that fails is one of the answers. */
  run(wishes: readonly ChildWish[], signal: AbortSignal): Promise<readonly ChildDone[]>;
  /** Into another agent's inbox. */
  send(to: string, text: string): Promise<{ delivered: boolean }>;
}

export interface PersonHands {
  /** Waits for the person's answer; one of the choices, or words of their own where `free`. */
  ask(
    question: { text: string; choices: readonly string[]; free: boolean },
    signal: AbortSignal,
  ): Promise<string>;
}

/** A job as it is, with the beginning and the end of what it said. */
export type JobFacts = Pick<Job, 'id' | 'state' | 'line' | 'labels' | 'code' | 'stdout' | 'stderr' | 'error'>;

export interface JobHands {
  submit(job: {
    line: string;
    cwd: string | null;
    stdin: string;
    writes: boolean;
    labels: Readonly<Record<string, string>>;
  }): Promise<JobFacts>;
  get(job: string): Promise<JobFacts>;
  list(labels: Readonly<Record<string, string>>): Promise<readonly JobFacts[]>;
  cancel(job: string): Promise<JobFacts>;
  /** As it is, and again whenever it says something or ends; until it ended or `signal` aborts. */
  watch(job: string, signal: AbortSignal): AsyncGenerator<JobFacts, void>;
}

export interface Note {
  readonly key: string;
  readonly content: string;
  readonly pinned: boolean;
  readonly changed: string;
}

export interface NoteHands {
  /** `pin` null: as it was. */
  save(key: string, content: string, pin: boolean | null): Promise<Note>;
  list(): Promise<readonly Note[]>;
  get(key: string): Promise<Note>;
  remove(key: string): Promise<void>;
  pin(key: string, pinned: boolean): Promise<Note>;
}

export interface Remembered {
  readonly id: Id<'memory'>;
  readonly content: string;
  readonly category: MemoryCategory;
  readonly created: string;
  /** 0…1, the better the higher. */
  readonly score: number;
}

export interface MemoryHands {
  store(memory: {
    content: string;
    category: MemoryCategory;
    replaces: string | null;
  }): Promise<{ id: Id<'memory'> }>;
  query(question: {
    query: string;
    limit: number;
    category: MemoryCategory | null;
  }): Promise<{ readonly found: readonly Remembered[]; readonly how: string }>;
  remove(id: string): Promise<void>;
}

export interface SkillRead {
  readonly name: string;
  readonly text: string;
  /** Where they are asked for by name. */
  readonly files: readonly string[];
  /** Where in the sandbox they lie; null: they were not put there. */
  readonly place: string | null;
  /** What may be called from now on in this turn; null: whatever it has. */
  readonly tools: readonly string[] | null;
}

export interface SkillHands {
  read(skill: string, file: string | null): Promise<SkillRead>;
}
