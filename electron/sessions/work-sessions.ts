import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { Session } from '../../shared/session.ts';
import type { WorkWish } from '../../shared/work.ts';
import { makePrivateFolder } from '../base/private-files.ts';
import { spreadFolders } from '../base/spread-folders.ts';
import { workPlan } from './working/work-plan.ts';
import { decisionFolder, KeptWork } from './working/deciding.ts';
import { Mirrors } from './working/mirrors.ts';
import { mirrorsOf } from './working/mirrors-of.ts';
import { Places } from './working/places.ts';
import type { WorkGateway } from './working/work-gateway.ts';
import { WorkLife } from './working/work-life.ts';
import type { WorkParts } from './work-parts.ts';
import { SessionFolder } from './session-folder.ts';
import { workKept, workKeptBefore } from './work-rows.ts';

const usualPlaces = 4;
const usualDays = 30;
const day = 86_400_000;
/** A mirror that nobody cloned from for so long goes. */
const mirrorDays = 30;
const hour = 3_600_000;
const mostAtOnce = 200;
const system = { kind: 'system' } as const;

/** Sessions of command agents: each on a fresh clone of a repository, in a sandbox of its own. */
export class WorkSessions {
  readonly #parts: WorkParts;
  readonly #mirrors: Mirrors;
  readonly #places: Places;
  readonly #kept: KeptWork;
  /** Of those at work. */
  readonly #gateways = new Map<string, WorkGateway>();
  #forget: () => void = () => undefined;
  #spread: Promise<void> | undefined;
  #removing: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(parts: WorkParts) {
    this.#parts = parts;
    this.#mirrors = mirrorsOf(parts);
    this.#places = new Places(() => parts.settings()['work.concurrency'] ?? usualPlaces);
    this.#kept = new KeptWork(parts);
  }

  static async open(parts: WorkParts): Promise<WorkSessions> {
    const work = new WorkSessions(parts);
    work.#removeNowAndThen();
    return work;
  }

  /**
   * Resolves when it is on the record; what cannot be carried out is refused before that. `objective`: the event that
   * said that one was due, where it is begun by a schedule.
   */
  async start(wish: WorkWish, by: Actor, objective?: number): Promise<Session> {
    const { asked, plan: planned } = await workPlan(this.#parts, wish, by);
    await (this.#spread ??= this.#spreadClones());
    const requested = { ...planned.requested, ...(objective === undefined ? {} : { objective }) };
    const plan = { ...planned, requested };
    const working = new WorkLife({ ...this.#parts, mirrors: this.#mirrors, places: this.#places }, plan);
    try {
      const session = await this.#parts.sessions.carry({ ...asked, working });
      this.#keepGateway(plan.id, plan.gateway);
      return session;
    } catch (thrown) {
      plan.source?.opened.close();
      throw thrown;
    }
  }

  /** What the models that it asks may cost in all from now on, in the place of its agent's bound. */
  async raise(
    session: string,
    { tokens, micros }: { tokens?: number | undefined; micros?: number | undefined },
    by: Actor,
  ): Promise<Session> {
    const { sessions, record } = this.#parts;
    const found = sessions.get(session);
    const gateway = sessions.isLive(found.id) ? this.#gateways.get(found.id) : undefined;
    if (!gateway) {
      throw new Problem(
        'conflict',
        'It asks no models by way of Holdfast now.',
        'What an agent may spend each time is “budget_config” in its file.',
      );
    }
    const before = gateway.limit;
    const budget = { tokens: tokens ?? before?.tokens ?? null, micros: micros ?? before?.micros ?? null };
    await record.append({
      kind: 'session.changed',
      actor: by,
      scope: { session: found.id },
      data: { budget },
    });
    gateway.raise(budget);
    return sessions.get(found.id);
  }

  /** Each session makes and removes a whole clone of its own. */
  async #spreadClones(): Promise<void> {
    const folder = join(this.#parts.data, 'sessions');
    // Where it cannot be made, the session itself is told so.
    await makePrivateFolder(folder).catch(() => undefined);
    await spreadFolders(folder);
  }

  #keepGateway(session: string, gateway: WorkGateway | null): void {
    for (const id of this.#gateways.keys()) if (!this.#parts.sessions.isLive(id)) this.#gateways.delete(id);
    if (gateway) this.#gateways.set(session, gateway);
  }

  async changes(session: string) {
    return this.#kept.changes(this.#keeping(session));
  }

  async difference(session: string, path: string | null) {
    return this.#kept.difference(this.#keeping(session), path);
  }

  async apply(
    wish: { session: string; folder: string; branch: string | null },
    by: Actor,
  ): Promise<{ files: number; commit: string | null; session: Session }> {
    const { sessions } = this.#parts;
    const { id } = this.#keeping(wish.session);
    const folder = await decisionFolder(this.#parts, wish.folder);
    try {
      const done = await this.#kept.apply(id, { folder, branch: wish.branch }, by);
      sessions.changed(id);
      return { ...done, session: sessions.get(id) };
    } finally {
      folder.opened.close();
    }
  }

  async discard(session: string, by: Actor): Promise<Session> {
    const { id } = this.#keeping(session);
    await this.#kept.discard(id, 'nobody wants it', by);
    this.#parts.sessions.changed(id);
    return this.#parts.sessions.get(id);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#forget();
    await this.#removing;
  }

  #keeping(session: string): Session {
    const found = this.#parts.sessions.get(session);
    if (found.work === null) {
      throw new Problem(
        'conflict',
        'It is no session of a command agent.',
        `\`holdfast changes ${found.id}\` shows what it changed in folders under review.`,
      );
    }
    if (found.work.kept) return found;
    const why = found.state === 'ended' ? 'Nothing that it changed is kept.' : 'It has not ended yet.';
    throw new Problem(
      'conflict',
      why,
      'What a command agent changed is kept from its end until it is decided.',
    );
  }

  #removeNowAndThen(): void {
    if (this.#closed) return;
    this.#removing = this.#removeOld().catch((failure: unknown) => {
      this.#parts.log.warn({ err: failure }, 'what command agents left could not be removed');
    });
    this.#forget = this.#parts.clock.after(hour, () => this.#removeNowAndThen());
  }

  async #removeOld(): Promise<void> {
    const { record, clock, settings, data } = this.#parts;
    await this.#mirrors.removeUnused(mirrorDays * day);
    const days = settings()['work.keepDays'] ?? usualDays;
    const before = new Date(clock.now().getTime() - days * day).toISOString();
    for (const { session } of record.rows(workKeptBefore, before, mostAtOnce)) {
      if (this.#closed) return;
      const id = String(session) as Id<'session'>;
      await this.#kept.discard(id, `nobody decided about it for ${days} days`, system);
    }
    await this.#removeDecided(join(data, 'sessions'));
  }

  /** Where Holdfast was killed between a decision and what it did to the folder. */
  async #removeDecided(folder: string): Promise<void> {
    const { record, sessions, log } = this.#parts;
    for (const name of await readdir(folder).catch(() => [])) {
      const [row] = record.rows(workKept, name);
      if (!row || row['kept'] !== 0 || this.#kept.isDeciding(name) || sessions.isLive(name)) continue;
      await new SessionFolder(this.#parts.data, name as Id<'session'>).remove(log);
    }
  }
}
