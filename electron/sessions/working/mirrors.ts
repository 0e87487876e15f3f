import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import type { Clock } from '../../base/clock.ts';
import { removeTree } from '../../base/remove-tree.ts';
import type { EgressGate } from '../../sandbox/egress.ts';
import type { Executor, Sandbox } from '../../sandbox/sandbox.ts';
import { fetchScript, fetchProblem, isBroken } from './fetch.ts';
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

export interface UsedMirror {
  readonly path: string;
  readonly state: 'made' | 'updated' | 'as_it_was';
  readonly why: string | null;
}

const longestFetch = 60 * 60_000;
/** A host that never stops sending does not fill the disk. */
const mostBytes = 50 * 2 ** 30;
const mark = '.url';

const isMirror = (name: string) => /^[0-9a-f]{64}$/.test(name);

interface Known {
  readonly turns: Turns;
  /** The number of the last update that succeeded: whoever asked before it began needs no other. */
  updated: number;
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

  /** Brings the mirror up to date, and clones from it while nothing changes in it. */
  async use<Result>(wish: MirrorWish, clone: (mirror: UsedMirror) => Promise<Result>): Promise<Result> {
    const { folder, clock } = this.#needs;
    const name = createHash('sha256')
      .update(JSON.stringify([wish.url, wish.token?.name ?? null]))
      .digest('hex');
    const path = join(folder, name);
    const known = this.#knownAs(name);
    const asked = ++this.#asked;
    const state = await known.turns.write(wish.signal, async (): Promise<Omit<UsedMirror, 'path'>> => {
      if (known.updated > asked) return { state: 'updated', why: null };
      const began = ++this.#asked;
      const done = await this.#bringUpToDate(path, wish);
      if (done.state !== 'as_it_was') known.updated = began;
      return done;
    });
    return known.turns.read(wish.signal, async () => {
      const now = clock.now();
      await utimes(`${path}${mark}`, now, now);
      return clone({ path, ...state });
    });
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
    const known = this.#known.get(name) ?? { turns: new Turns(), updated: 0 };
    this.#known.set(name, known);
    return known;
  }

  async #bringUpToDate(path: string, wish: MirrorWish): Promise<Omit<UsedMirror, 'path'>> {
    const { folder, account } = this.#needs;
    await mkdir(folder, { mode: 0o700, recursive: true });
    // A link in its place is none: what it leads to is nothing of ours.
    const isThere = await lstat(path).then(
      (facts) => facts.isDirectory(),
      () => false,
    );
    if (isThere && (await this.#isOf(path, wish))) {
      const said = await this.#fetched(path, wish);
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
      const problem = fetchProblem(await this.#fetched(making, wish), wish);
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
    const text = await readFile(`${path}${mark}`, 'utf8').catch(() => '');
    return text === `${url}\n`;
  }

  /** In a sandbox that sees this mirror and reaches this host. */
  async #fetched(path: string, { url, session, gate, token, signal }: MirrorWish): Promise<Said> {
    const executor = await this.#needs.executor();
    const opened = openOwn([{ path, at: '/mirror', counted: true }]);
    let sandbox: Sandbox;
    try {
      const plan = {
        session,
        folders: [],
        own: opened.own,
        egress: gate,
        loopback: false,
        unixSockets: false,
        limits: sandboxLimitsSchema.parse({ diskBytes: mostBytes, supervised: true }),
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
        text: fetchScript,
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
