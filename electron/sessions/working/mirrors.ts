import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import type { Clock } from '../../base/clock.ts';
import { removeTree } from '../../base/remove-tree.ts';
import type { EgressGate } from '../../sandbox/egress.ts';
import { openEgress } from '../../sandbox/open-egress.ts';
import type { Executor, Sandbox } from '../../sandbox/sandbox.ts';
import { refsAtHost } from './ask-host.ts';
import { differs, fetchProblem, fetchScript, isBroken, lookScript, type Same, sameIn } from './fetch.ts';
import { halfMade } from './half-made.ts';
import { makeGiven, openOwn, type SandboxAccount } from './own-folders.ts';
import { refuseWithoutGit, runScript, type Said } from './run-script.ts';
import { Turns } from './turns.ts';

export interface MirrorNeeds {
  /** Where they lie. */
  readonly folder: string;
  readonly account: SandboxAccount;
  readonly executor: () => Promise<Executor>;
  readonly clock: Clock;
  readonly ownPlaces: () => Promise<readonly string[]>;
}

/** One fetch: what it is for, and by which right it goes out. */
export interface MirrorWish {
  readonly url: string;
  readonly session: Id<'session'>;
  readonly gate: EgressGate;
  /** Of the stored secret; another mirror is kept for each. */
  readonly token: { readonly name: string; readonly value: string } | null;
  readonly signal: AbortSignal;
}

export interface MirrorState {
  readonly state: 'made' | 'updated' | 'as_it_was';
  readonly why: string | null;
}

/** What clones from the mirror at this path; called again where the first clone turns out to be of what was before. */
export type CloneFrom<Result> = (path: string, signal: AbortSignal) => Promise<Result>;

const longestFetch = 60 * 60_000;
/** A host that never stops sending does not fill the disk. */
const mostBytes = 50 * 2 ** 30;
const mark = '.url';

const isMirror = (name: string) => /^[0-9a-f]{64}$/.test(name);

interface Known {
  /** To read what is in it, or to change it. */
  readonly turns: Turns;
  /** To ask its host, one after another. */
  readonly asking: Turns;
  /** The number of the last look or update that succeeded: whoever asked before it began needs no other. */
  updated: number;
  /** How often anything in it changed. */
  version: number;
  /** What it and its host had when a look found them the same, in this version of it; null: nobody has looked yet. */
  same: Same | null;
  /** Whether its host tells what it has when it is asked from here. */
  tells: boolean;
}

/** A clone that was begun before anybody knew whether the mirror is as its host has it. */
interface Early<Result> {
  readonly version: number;
  readonly cloned: PromiseSettledResult<Result>;
}

/**
 * Copies of repositories on this machine, so that a fresh clone takes no longer than a copy. Each is fetched in a
 * sandbox that reaches its host and nothing else, and is only read by what clones from it.
 */
export class Mirrors {
  readonly #needs: MirrorNeeds;
  readonly #known = new Map<string, Known>();
  #asked = 0;

  constructor(needs: MirrorNeeds) {
    this.#needs = needs;
  }

  /**
   * Clones from the mirror as its host has it now. Mostly nothing has changed there: so it is cloned while the host is
   * asked, and again where there was something new.
   */
  async use<Result>(
    wish: MirrorWish,
    clone: CloneFrom<Result>,
  ): Promise<MirrorState & { readonly cloned: Result }> {
    const name = createHash('sha256')
      .update(JSON.stringify([wish.url, wish.token?.name ?? null]))
      .digest('hex');
    const path = join(this.#needs.folder, name);
    const known = this.#knownAs(name);
    try {
      return await this.#use(path, known, wish, clone);
    } catch (thrown) {
      if (known.same === null || wish.signal.aborted) throw thrown;
      // It was believed to be as it was left: this time it is looked at.
      known.same = null;
      return this.#use(path, known, wish, clone);
    }
  }

  async #use<Result>(
    path: string,
    known: Known,
    wish: MirrorWish,
    clone: CloneFrom<Result>,
  ): Promise<MirrorState & { readonly cloned: Result }> {
    const asked = ++this.#asked;
    const isThere = await this.#isOf(path, wish);
    const giveUp = new AbortController();
    const signal = AbortSignal.any([wish.signal, giveUp.signal]);
    // Asked first: it is mostly the longer of both.
    const asking = known.asking.write(wish.signal, async (): Promise<MirrorState> => {
      if (known.updated > asked) return { state: 'updated', why: null };
      const began = ++this.#asked;
      const seen = isThere ? await this.#look(path, known, wish) : null;
      if (seen) {
        if (seen.state === 'updated') known.updated = began;
        return seen;
      }
      giveUp.abort();
      known.same = null;
      const done = await known.turns.write(wish.signal, () => this.#bringUpToDate(path, wish));
      known.version++;
      if (done.state !== 'as_it_was') known.updated = began;
      return done;
    });
    const early = isThere ? this.#early(known, path, signal, clone) : null;
    try {
      const state = await asking;
      const first = await early;
      if (first?.version === known.version) return { ...state, cloned: valueOf(first.cloned) };
      const cloned = await known.turns.read(wish.signal, () => this.#clone(path, wish.signal, clone));
      return { ...state, cloned };
    } finally {
      giveUp.abort();
      await early;
    }
  }

  /** Those that nobody used for so long. */
  async removeUnused(milliseconds: number): Promise<number> {
    const { folder, clock } = this.#needs;
    const before = clock.now().getTime() - milliseconds;
    const names = await readdir(folder).catch(() => []);
    let removed = 0;
    for (const name of names) {
      if (isMirror(name) && (await this.#removedUnused(name, before))) removed++;
    }
    return removed;
  }

  #removedUnused(name: string, before: number): Promise<boolean> {
    const path = join(this.#needs.folder, name);
    return this.#knownAs(name).turns.write(new AbortController().signal, async () => {
      const used = await lstat(`${path}${mark}`).catch(() => null);
      if (used && used.mtimeMs >= before) return false;
      await removeTree(path);
      await rm(`${path}${mark}`, { force: true });
      return true;
    });
  }

  #knownAs(name: string): Known {
    const made = { turns: new Turns(), asking: new Turns(), updated: 0, version: 0, same: null, tells: true };
    const known = this.#known.get(name) ?? made;
    this.#known.set(name, known);
    return known;
  }

  #clone<Result>(path: string, signal: AbortSignal, clone: CloneFrom<Result>): Promise<Result> {
    const now = this.#needs.clock.now();
    return utimes(`${path}${mark}`, now, now).then(() => clone(path, signal));
  }

  async #early<Result>(
    known: Known,
    path: string,
    signal: AbortSignal,
    clone: CloneFrom<Result>,
  ): Promise<Early<Result> | null> {
    const reading = async () => {
      const { version } = known;
      const [cloned] = await Promise.allSettled([this.#clone(path, signal, clone)]);
      return { version, cloned };
    };
    return known.turns.read(signal, reading).catch(() => null);
  }

  /** Whether its host has anything else; null: it has, or the mirror itself is not whole. */
  async #look(path: string, known: Known, wish: MirrorWish): Promise<MirrorState | null> {
    if (await this.#isStillSame(known, wish)) return { state: 'updated', why: null };
    known.same = null;
    const said = await this.#run(lookScript, path, wish, false);
    if (differs(said)) return null;
    known.same = sameIn(said);
    const problem = fetchProblem(said, wish);
    if (problem === null) return { state: 'updated', why: null };
    // Only a host that cannot be reached leaves what was there: who may not read it any more gets nothing.
    if (problem.code !== 'unreachable') throw problem;
    return isBroken(said) ? null : { state: 'as_it_was', why: problem.message };
  }

  /** Whether its host has what it had when a look found both the same; false also where that cannot be told quickly. */
  async #isStillSame(known: Known, { url, token, gate, signal }: MirrorWish): Promise<boolean> {
    const { same } = known;
    if (same === null || !known.tells || !/^https?:/.test(url)) return false;
    const egress = openEgress(gate);
    const open = (host: string, port: number) => egress.open(host, port);
    const question = { url, token: token?.value ?? null, digits: same.digits, open };
    const answer = await refsAtHost({ ...question, clock: this.#needs.clock, signal });
    if (answer.is === 'unlike') known.tells = false;
    return answer.is === 'listed' && answer.sum === same.sum;
  }

  async #bringUpToDate(path: string, wish: MirrorWish): Promise<MirrorState> {
    const { folder, account } = this.#needs;
    await mkdir(folder, { mode: 0o700, recursive: true });
    if (await this.#isOf(path, wish)) {
      const said = await this.#run(fetchScript, path, wish, true);
      const problem = fetchProblem(said, wish);
      if (problem === null) return { state: 'updated', why: null };
      // Only a host that cannot be reached leaves what was there: who may not read it any more gets nothing.
      if (problem.code !== 'unreachable') throw problem;
      if (!isBroken(said)) return { state: 'as_it_was', why: problem.message };
    }
    await removeTree(path);
    const making = `${path}${halfMade}`;
    await removeTree(making);
    await makeGiven(making, account);
    try {
      const problem = fetchProblem(await this.#run(fetchScript, making, wish, true), wish);
      if (problem !== null) throw problem;
      await writeFile(`${path}${mark}`, `${wish.url}\n`, { mode: 0o600 });
      await rename(making, path);
    } catch (thrown) {
      await removeTree(making);
      throw thrown;
    }
    return { state: 'made', why: null };
  }

  async #isOf(path: string, { url }: MirrorWish): Promise<boolean> {
    // A link in its place is none: what it leads to is nothing of ours.
    const facts = await lstat(path).catch(() => null);
    if (!facts?.isDirectory()) return false;
    const text = await readFile(`${path}${mark}`, 'utf8').catch(() => '');
    return text === `${url}\n`;
  }

  /** In a sandbox that sees this mirror and reaches this host. */
  async #run(text: string, path: string, wish: MirrorWish, writes: boolean): Promise<Said> {
    const { url, session, gate, token, signal } = wish;
    const executor = await this.#needs.executor();
    const limits = writes ? { diskBytes: mostBytes, supervised: true } : {};
    const opened = openOwn([{ path, at: '/mirror', ...(writes ? { counted: true } : { writable: false }) }]);
    let sandbox: Sandbox;
    try {
      const plan = {
        session,
        folders: [],
        own: opened.own,
        egress: gate,
        loopback: false,
        unixSockets: false,
        limits: sandboxLimitsSchema.parse(limits),
        image: null,
        terminal: null,
        // A repository on this machine's own loopback goes by the proxy as well: the sandbox has another loopback.
        environment: { no_proxy: '', NO_PROXY: '' },
        secrets: token ? { 'clone-token': Buffer.from(token.value) } : {},
        masked: await this.#needs.ownPlaces(),
        scratch: '',
        kept: '',
      };
      const prepared = await executor.prepare(plan, signal);
      sandbox = await prepared.start().catch(async (thrown: unknown) => {
        await prepared.teardown();
        throw thrown;
      });
    } finally {
      opened.close();
    }
    try {
      const said = await runScript(sandbox, {
        text,
        words: [url],
        cwd: '/mirror',
        timeoutMs: longestFetch,
        signal,
      });
      refuseWithoutGit(said);
      if (signal.aborted) throw new Problem('cancelled', 'It was ended while its repository was fetched.');
      return said;
    } finally {
      await sandbox.teardown();
    }
  }
}

function valueOf<Result>(settled: PromiseSettledResult<Result>): Result {
  if (settled.status === 'fulfilled') return settled.value;
  throw settled.reason;
}
