import { access, chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Outcome } from '../../../shared/session.ts';
import type { RequestedWork } from '../../../shared/session-work.ts';
import { removeTree } from '../../base/remove-tree.ts';
import type { OwnFolder } from '../../sandbox/sandbox.ts';
import type { OpenFolder } from '../preparing/granted-folders.ts';
import type { Ground, Working } from '../running/working.ts';
import { SessionFolder } from '../session-folder.ts';
import type { SessionParts } from '../session-parts.ts';
import type { WorkParts } from '../work-parts.ts';
import type { RecordedWork, WorkRecord } from '../work-records.ts';
import { makeClone } from './clone.ts';
import { collect, workPlaces } from './collect.ts';
import { keptFiles } from './kept-work.ts';
import type { Mirrors } from './mirrors.ts';
import { outcomeOfWork } from './outcome-of-work.ts';
import { makeGiven, openOwn, writeGiven } from './own-folders.ts';
import type { Places } from './places.ts';
import type { Repository } from './repository.ts';
import { withHost } from './repository-rights.ts';
import type { WorkGateway } from './work-gateway.ts';

export interface WorkPlan {
  readonly id: Id<'session'>;
  readonly requested: RequestedWork;
  readonly repository: Repository;
  /** The folder that it is cloned from, held open; null: from a mirror. */
  readonly source: OpenFolder | null;
  readonly token: { readonly name: string; readonly value: string } | null;
  readonly home: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Where its model calls go; null: it has none. */
  readonly gateway: WorkGateway | null;
  /** What is laid below /holdfast/input. */
  readonly input: readonly { readonly path: readonly string[]; readonly bytes: Uint8Array }[];
  /** Where the input stands besides. */
  readonly inputAlso: readonly string[];
  /** Where what it writes of its own into its record stands; null: nowhere. */
  readonly recordAt: string | null;
  readonly recorded: Omit<RecordedWork, 'started'>;
  readonly masked: readonly string[];
}

export interface LifeParts extends SessionParts, Pick<WorkParts, 'account' | 'openOwn' | 'records'> {
  readonly mirrors: Mirrors;
  readonly places: Places;
}

const system = { kind: 'system' } as const;
const inputAt = '/holdfast/input';

/** One command agent at work on a fresh clone: from its place in the queue to its sealed record. */
export class WorkLife implements Working {
  readonly requested: RequestedWork;
  readonly outcomeOf: Working['outcomeOf'];
  readonly serve: Working['serve'];
  readonly secrets: readonly string[];
  readonly #parts: LifeParts;
  readonly #plan: WorkPlan;
  readonly #folder: SessionFolder;
  readonly #places: ReturnType<typeof workPlaces>;
  #giveBack: () => void = () => undefined;
  #record: WorkRecord | undefined;
  #base: string | undefined;
  #mirror: string | null = null;

  constructor(parts: LifeParts, plan: WorkPlan) {
    this.#parts = parts;
    this.#plan = plan;
    const { gateway } = plan;
    this.requested = plan.requested;
    this.outcomeOf = (end, ending) => outcomeOfWork(end, ending, gateway?.exhausted ?? null);
    this.serve = gateway?.serve ?? null;
    this.secrets = gateway ? [gateway.place.token] : [];
    this.#folder = new SessionFolder(parts.data, plan.id);
    this.#places = workPlaces(this.#folder.path);
  }

  async ready({ signal, tell }: Parameters<Working['ready']>[0]): Promise<Ground> {
    const { records, places, clock, record } = this.#parts;
    const { id, recorded, requested, home, variables } = this.#plan;
    try {
      const waits = (before: number) => tell(`waits for a place (${before} before it)`);
      this.#giveBack = await places.take(signal, waits);
      this.#record = await records?.begin({ ...recorded, started: clock.now() });
      await this.#stage();
      await this.#makePlaces();
      tell('clones its repository');
      const begun = clock.now().getTime();
      const cloned = await this.#clone(signal);
      this.#base = cloned.commit;
      const seconds = Math.max(0, clock.now().getTime() - begun) / 1000;
      await record.append({
        kind: 'repository.cloned',
        actor: system,
        scope: { session: id },
        data: { repository: requested.repository, branch: requested.branch, ...cloned, seconds },
      });
      signal.throwIfAborted();
    } finally {
      this.#plan.source?.opened.close();
    }
    const cwd = `${home}/repo`;
    return { ...openOwn(this.#own(cwd)), home, cwd, variables };
  }

  async ended(): Promise<{ last: Draft[]; keeps: boolean }> {
    await this.#plan.gateway?.end();
    const { clone, aside, input, kept } = this.#places;
    const base = this.#base;
    const last = base === undefined ? [] : await this.#collected(base);
    await Promise.all([clone, aside, input].map((place) => this.#remove(place)));
    const keeps = last.some(({ kind, data }) => kind === 'work.collected' && data.files + data.commits > 0);
    if (!keeps) await this.#remove(kept);
    return { last, keeps };
  }

  async over(outcome: Outcome, whole: boolean): Promise<void> {
    const { log, clock } = this.#parts;
    try {
      if (!this.#record) return;
      if (whole) {
        const files = await this.#outputs();
        const { label, code } = outcome;
        const exitCode = label === 'timed_out' || label === 'cancelled' ? null : code;
        await this.#record.seal({ ended: clock.now(), outcome: label, exitCode, files });
      } else await this.#record.leave('not everything of it could be put away');
    } catch (failure) {
      log.error({ err: failure, session: this.#plan.id }, 'the record of a session could not be sealed');
    } finally {
      this.#giveBack();
    }
  }

  /** What it changed, for its record. */
  async #outputs(): Promise<{ name: string; from: string }[]> {
    const { patch, bundle } = keptFiles(this.#places.kept);
    const each = [
      { name: 'changes.patch', from: patch },
      { name: 'commits.bundle', from: bundle },
    ];
    const there = await Promise.all(each.map(({ from }) => isThere(from)));
    return each.filter((_, i) => there[i]);
  }

  async #stage(): Promise<void> {
    const { input } = this.#plan;
    if (input.length > 0) await writeGiven(this.#places.input, input);
  }

  #own(cwd: string): Omit<OwnFolder, 'fd'>[] {
    const { input, inputAlso, recordAt } = this.#plan;
    const inputs = input.length > 0 ? [inputAt, ...inputAlso] : [];
    return [
      { path: this.#places.clone, at: cwd, counted: true },
      ...inputs.map((at) => ({ path: this.#places.input, at, writable: false })),
      ...(recordAt !== null && this.#record ? [{ path: this.#record.live, at: recordAt }] : []),
    ];
  }

  async #clone(signal: AbortSignal) {
    const { openOwn: open, mirrors } = this.#parts;
    const { id, repository, source, token, masked, requested } = this.#plan;
    const { branch, agent } = requested;
    const { clone: to, aside } = this.#places;
    if (repository.kind === 'folder') {
      if (!source) throw new Problem('internal', 'The folder to clone from is not open.');
      const folder = { path: source.path, mode: 'ro' as const, fd: source.opened.fd };
      const url = repository.path;
      const wish = { session: id, from: { folder }, url, branch, agent, to, aside, masked, signal };
      return { commit: await makeClone(open, wish), mirror: 'none' as const, why: null };
    }
    const { url, host } = repository;
    let tries = 0;
    const { cloned, ...mirror } = await withHost(this.#parts, id, host, (gate) =>
      mirrors.use({ url, session: id, gate, token, signal }, async (path, until) => {
        if (tries++ > 0) await this.#emptyPlaces();
        this.#mirror = path;
        const from = { mirror: path };
        return makeClone(open, { session: id, from, url, branch, agent, to, aside, masked, signal: until });
      }),
    );
    return { commit: cloned, mirror: mirror.state, why: mirror.why };
  }

  async #makePlaces(): Promise<void> {
    const { clone, aside } = this.#places;
    for (const place of [clone, aside]) await makeGiven(place, this.#parts.account);
  }

  async #emptyPlaces(): Promise<void> {
    const { clone, aside } = this.#places;
    for (const place of [clone, aside]) await removeTree(place);
    await this.#makePlaces();
  }

  async #collected(base: string): Promise<Draft[]> {
    const { log, openOwn: open } = this.#parts;
    const { id, masked, requested } = this.#plan;
    const { clone, aside, kept } = this.#places;
    const said = { actor: system, scope: { session: id } };
    try {
      await mkdir(kept, { mode: 0o700 });
      const wish = {
        session: id,
        clone,
        aside,
        into: kept,
        base,
        mirror: this.#mirror,
        agent: requested.agent,
        masked,
      };
      const data = await collect(open, wish);
      if (data.files + data.commits > 0) await showToSandboxes(kept);
      return [{ kind: 'work.collected', ...said, data }];
    } catch (failure) {
      log.warn({ err: failure, session: id }, 'what a session changed could not be collected');
      await this.#remove(kept);
      const reason = `it could not be collected: ${Problem.of(failure).message}`;
      return [{ kind: 'work.discarded', ...said, data: { reason } }];
    }
  }

  async #remove(place: string): Promise<void> {
    try {
      await removeTree(place);
    } catch (failure) {
      this.#parts.log.warn({ err: failure, place }, 'a folder of a session could not be removed');
    }
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Read by the account that applies it; the folders above are closed to everybody else. */
async function showToSandboxes(folder: string): Promise<void> {
  const { changes, patch, bundle } = keptFiles(folder);
  await chmod(folder, 0o755);
  for (const file of [changes, patch, bundle]) {
    await chmod(file, 0o644).catch((failure: unknown) => {
      // Where only the tree changed and no commit was made of it, there is no bundle.
      if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw failure;
    });
  }
}

export const keptWork = (data: string, session: Id<'session'>) =>
  workPlaces(join(data, 'sessions', session)).kept;
