import { closeSync, constants, openSync } from 'node:fs';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { OwnFolder, Sandbox, SandboxPlan } from '../../sandbox/sandbox.ts';
import { closeFolders, type OpenFolder, openFolders, refuseMoved } from '../preparing/granted-folders.ts';
import type { SessionRights } from '../preparing/session-rights.ts';
import type { Connections } from '../running/connections.ts';
import { SessionGate } from '../running/session-gate.ts';
import { SessionFolder } from '../session-folder.ts';
import type { SessionParts } from '../session-parts.ts';
import { type AgentSessionFacts, givenFolders, keptOf, reviewsItself } from './facts.ts';
import type { VersionTurns, VersionUser } from './version-turns.ts';

export interface SandboxNeeds {
  readonly parts: SessionParts;
  readonly facts: AgentSessionFacts;
  readonly rights: SessionRights;
  readonly connections: Connections;
  /** Whether it stands has changed, or what making it waits for. */
  readonly changed: () => void;
  /** Where its run keeps one version of folders under review for all its parts. */
  readonly shared: SharedVersion | null;
}

/** Its turns on what others work on as well, and the sandbox of whoever started its agent. */
export interface SharedVersion {
  readonly turns: VersionTurns;
  readonly above: SandboxKeeper | null;
}

/** Hears that the sandbox and what was in it are gone, and why. */
export type Lost = (why: string) => void;

interface Standing {
  readonly sandbox: Sandbox;
  readonly gate: SessionGate | null;
}

/** So long it stands without work. */
const idleMs = 5 * 60_000;

/**
 * The sandbox of a session with an agent: made when it is first needed, kept while there is work, taken down after
 * some minutes without, and made anew by the same plan when it is needed again.
 */
export class SandboxKeeper implements VersionUser {
  readonly #needs: SandboxNeeds;
  readonly #folder: SessionFolder;
  /** Where what is written in folders under review is kept. */
  readonly kept: string;
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  #making: Promise<Standing> | null = null;
  #takingDown: Promise<void> = Promise.resolve();
  #standing: Standing | null = null;
  #uses = 0;
  #forget: (() => void) | null = null;
  #progress: string | null = null;
  #closed = false;
  #isWanted = false;
  readonly #closing = new AbortController();
  readonly #hearers = new Set<Lost>();

  constructor(needs: SandboxNeeds) {
    this.#needs = needs;
    const { facts, parts } = needs;
    this.#folder = new SessionFolder(parts.data, facts.id);
    this.kept = keptOf(parts.data, facts);
    const paths = (mode: 'ro' | 'review') =>
      facts.folders.filter((folder) => folder.mode === mode).map(({ path }) => path);
    this.writes = paths('review');
    this.reads = paths('ro').filter((path) => facts.reviewed?.includes(path));
  }

  /** The session that it was made for; those that it started may share it. */
  get session(): Id<'session'> {
    return this.#needs.facts.id;
  }

  get busy(): boolean {
    return this.#uses > 0;
  }

  /** Another sandbox of its run waits for the versions that it works on. */
  yield(): void {
    this.#isWanted = true;
    this.#leaveIfWanted();
  }

  get stands(): boolean {
    return this.#standing !== null;
  }

  /** What making it waits for, in words. */
  get progress(): string | null {
    return this.#progress;
  }

  /** Told each time it is taken down while whoever works in it goes on; the function returned ends that. */
  onLost(lost: Lost): () => void {
    this.#hearers.add(lost);
    return () => this.#hearers.delete(lost);
  }

  /** Works in the sandbox, which stays at least until that is done. */
  async use<Result>(work: (sandbox: Sandbox) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const sandbox = await this.hold(signal);
    try {
      return await work(sandbox);
    } finally {
      this.release();
    }
  }

  /** The sandbox, until `release`. */
  async hold(signal: AbortSignal): Promise<Sandbox> {
    if (this.#closed) throw new Problem('conflict', 'The session is ending.');
    this.#uses++;
    this.#forget?.();
    this.#forget = null;
    try {
      this.#making ??= this.#begin();
      return (await unlessAborted(this.#making, signal)).sandbox;
    } catch (thrown) {
      this.release();
      throw thrown;
    }
  }

  release(): void {
    this.#uses--;
    this.#restIfUnused();
  }

  /** Whatever works in it is ended; the next need makes another. Without a reason, nobody is left to be told. */
  takeDown(why: string | null): Promise<void> {
    const standing = this.#standing;
    if (!standing) return this.#takingDown;
    if (why !== null) for (const lost of this.#hearers) lost(why);
    this.#standing = null;
    this.#making = null;
    this.#isWanted = false;
    this.#forget?.();
    this.#forget = null;
    this.#takingDown = this.#end(standing);
    this.#needs.changed();
    return this.#takingDown;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.abort(new Problem('cancelled', 'The session is ending.'));
    await this.#making?.catch(() => undefined);
    await this.takeDown(null);
  }

  /** The right to the network is gone: what is open is cut. */
  cutNetwork(): void {
    this.#standing?.gate?.end();
  }

  #leaveIfWanted(): void {
    if (this.#isWanted && this.#uses === 0 && this.#standing) {
      void this.takeDown('another agent of its run needed the folders under review');
    }
  }

  #restIfUnused(): void {
    this.#leaveIfWanted();
    if (this.#uses > 0 || !this.#standing || this.#closed) return;
    this.#forget ??= this.#needs.parts.clock.after(idleMs, () => {
      this.#forget = null;
      if (this.#uses === 0) void this.takeDown('nothing was done in it for five minutes');
    });
  }

  /** Made for all who wait for it: that one of them leaves does not end it. */
  #begin(): Promise<Standing> {
    const making = this.#make(this.#closing.signal).catch((thrown: unknown) => {
      if (this.#making === making) this.#making = null;
      throw thrown;
    });
    making.catch(() => undefined);
    return making;
  }

  async #end({ sandbox, gate }: Standing): Promise<void> {
    gate?.end();
    try {
      await sandbox.teardown();
    } catch (failure) {
      this.#needs.parts.log.error(
        { err: failure, session: this.#needs.facts.id },
        'a sandbox could not be removed',
      );
    } finally {
      this.#needs.shared?.turns.free(this);
    }
  }

  /** The sandboxes of those that its agent was started by. */
  get #above(): Set<VersionUser> {
    const above = new Set<VersionUser>();
    for (let at = this.#needs.shared?.above; at; at = at.#needs.shared?.above) above.add(at);
    return above;
  }

  async #make(signal: AbortSignal): Promise<Standing> {
    await this.#takingDown;
    const { shared } = this.#needs;
    if (!shared) return this.#made(signal);
    const { turns } = shared;
    await turns.take(this, this.#above, signal);
    try {
      const make = () => this.#made(signal);
      return await (this.writes.length > 0 ? turns.making(this.kept, make) : make());
    } catch (thrown) {
      turns.free(this);
      throw thrown;
    }
  }

  async #made(signal: AbortSignal): Promise<Standing> {
    const { parts, facts, changed } = this.#needs;
    const [ownPlaces, executor] = await Promise.all([parts.ownPlaces(), parts.executor(facts.sandbox)]);
    await this.#folder.make(reviewsItself(facts));
    const given = givenFolders(facts);
    const folders = openFolders(parts.open, given, ownPlaces);
    const gate = this.#gate();
    let own: OwnFolder[] = [];
    try {
      refuseMoved(given, folders);
      own = openRunFolder(facts.runFolder);
      const plan = this.#plan(folders, own, gate, ownPlaces);
      const told = (words: string) => {
        this.#progress = words;
        changed();
      };
      const prepared = await executor.prepare(plan, signal, told);
      const sandbox = await prepared.start().catch(async (thrown: unknown) => {
        await prepared.teardown();
        throw thrown;
      });
      return await this.#tell({ sandbox, gate });
    } catch (thrown) {
      gate?.end();
      throw thrown;
    } finally {
      this.#progress = null;
      closeFolders(folders);
      for (const { fd } of own) closeSync(fd);
      changed();
    }
  }

  async #tell(standing: Standing): Promise<Standing> {
    const { parts, facts } = this.#needs;
    const { sandbox } = standing;
    try {
      await parts.record.append({
        kind: 'session.started',
        actor: { kind: 'system' },
        scope: { session: facts.id, agent: facts.agent.name },
        data: { sandbox: facts.sandbox, layers: [...sandbox.layers] },
      });
    } catch (thrown) {
      await sandbox.teardown();
      throw thrown;
    }
    this.#standing = standing;
    void sandbox.ended.then((end) => {
      if (this.#standing !== standing) return;
      void this.takeDown(end.how === 'ended' ? end.reason : 'it ended by itself');
    });
    this.#restIfUnused();
    return standing;
  }

  #gate(): SessionGate | null {
    const { facts, rights, connections } = this.#needs;
    const hosts = facts.hosts.map((text) => readHostPattern({ text, field: 'hosts', offset: 0 }));
    return hosts.length > 0 ? new SessionGate(rights, hosts, connections) : null;
  }

  #plan(
    folders: readonly OpenFolder[],
    own: readonly OwnFolder[],
    gate: SessionGate | null,
    masked: readonly string[],
  ): SandboxPlan {
    const { id, agent } = this.#needs.facts;
    const { image, loopback, unixSockets, limits } = agent.sandbox;
    return {
      session: id,
      folders: folders.map(({ path, mode, opened }) => {
        return { path, mode, fd: opened.fd, reviewed: this.reads.includes(path) };
      }),
      own,
      egress: gate,
      loopback,
      unixSockets,
      limits,
      image,
      masked,
      terminal: null,
      environment: {},
      secrets: {},
      scratch: this.#folder.scratch,
      kept: this.kept,
    };
  }
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason as Error);
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}

/** Of Holdfast's own making: no wish can name it, since a wish for what lies in Holdfast's own places is refused. */
function openRunFolder(path: string | null): OwnFolder[] {
  if (path === null) return [];
  const pathOnly = 0o10_000_000;
  try {
    return [{ path, fd: openSync(path, pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW) }];
  } catch (thrown) {
    const mend = 'Start the run again: its files are gone.';
    throw new Problem('not_found', `The folder of this run, ${path}, is no longer there.`, mend, {
      cause: thrown,
    });
  }
}
