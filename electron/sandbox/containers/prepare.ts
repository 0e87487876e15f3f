import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Container } from 'dockerode';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { Problem } from '../../../shared/problem.ts';
import { findSystemPlaces, type SystemPlaces } from '../bubblewrap/system-places.ts';
import type { Egress, EgressGate } from '../egress.ts';
import { needHelper } from '../helper/find-helper.ts';
import { type Account, accountFor, refuseUnusable } from '../namespace/account.ts';
import { refuseMovedReview } from '../namespace/allowed-folders.ts';
import type { OwnPlace } from '../own-work.ts';
import { countedFolders } from '../totals/counted-folders.ts';
import { copyForReview } from '../reviewing/copy-for-review.ts';
import type { PreparedSandbox, SandboxPlan, Told } from '../sandbox.ts';
import { baseImageFor } from './base-image.ts';
import { refuseDifferences } from './compare.ts';
import { containerOptions } from './container-options.ts';
import { type Engine, engineProblem } from './engine.ts';
import { type HostTerminal, openHostTerminal } from './host-terminal.ts';
import { ensureImage, type Image } from './image.ts';
import { insideUser, type InsideUser } from './inside-user.ts';
import type { ContainerMount } from './mounts.ts';
import { type PlannedMounts, planMounts } from './plan-mounts.ts';
import { removeContainer } from './remove-container.ts';
import { makeReviewFolders, type ReviewFolders } from './review-folders.ts';
import { makeScratch, removeScratch } from './scratch.ts';

/** What containers are made with; the same for all of one life. */
export interface Means {
  readonly log: Log;
  readonly clock: Clock;
  readonly data: string;
  /** This process's own account. */
  readonly self: Account;
  readonly engine: () => Promise<Engine>;
  readonly uid: () => number | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly openEgress: (gate: EgressGate) => Egress;
  /** The sessions of this life, which a reconciliation leaves alone. */
  readonly live: Set<string>;
}

/** A container that was made and looked at; nothing of it runs yet. */
export interface MadeContainer {
  readonly plan: SandboxPlan;
  readonly engine: Engine;
  readonly image: Image;
  readonly user: InsideUser;
  readonly system: SystemPlaces;
  readonly container: Container;
  readonly mounts: readonly ContainerMount[];
  readonly planned: PlannedMounts;
  readonly review: ReviewFolders;
  readonly own: readonly OwnPlace[];
  /** Why there is none, where the plan asked for one; null where it did not. */
  readonly terminal: HostTerminal | string | null;
  /** Removes it and everything it used. May be called again. */
  remove(): Promise<void>;
}

/** How a container is made that is not a session's own. */
export interface Making {
  /** Folders of Holdfast's own that stand inside. */
  readonly own: readonly OwnPlace[];
  /** Whether the engine is asked to mount overlays. */
  readonly overlays: boolean;
  /** Makes another container ready, for a part of the work. */
  readonly prepare: (plan: SandboxPlan, own: readonly OwnPlace[]) => Promise<PreparedSandbox>;
  readonly told: Told;
}

export async function makeContainer(
  means: Means,
  plan: SandboxPlan,
  signal: AbortSignal,
  { own, overlays, prepare, told }: Making,
): Promise<MadeContainer> {
  refuseUnkept(plan);
  refuseMovedReview(plan);
  const helper = needHelper();
  const [engine, account, machine] = await Promise.all([
    means.engine(),
    accountFor({ ...means.self, chosen: means.uid(), environment: means.environment }),
    findSystemPlaces(),
  ]);
  const user = insideUser(engine, account);
  const given = (plan.own ?? []).map((folder) => ({
    ...folder,
    mode: folder.writable === false ? ('ro' as const) : ('rw' as const),
  }));
  for (const folder of [...plan.folders, ...given]) {
    if (means.self.uid === 0) refuseUnusable(folder, fstatSync(folder.fd), account);
  }
  signal.throwIfAborted();
  const image = await ensureImage(engine, plan.image, baseImageFor(machine), told, signal);
  const brought = { ...machine, folders: [...machine.folders, ...image.brings] };
  const system = image.base ? brought : { folders: ['/'], links: [], pieces: [] };
  let review: ReviewFolders | undefined;
  let container: Container | undefined;
  let terminal: HostTerminal | string | null = null;
  const remove = async () => {
    if (container) await removeContainer(container);
    if (terminal && typeof terminal !== 'string') terminal.close();
    await review?.remove();
    await removeScratch(plan.scratch);
    if (own.length === 0) means.live.delete(plan.session);
  };
  means.live.add(plan.session);
  try {
    const scratch = await makeScratch(plan.scratch, user, image.base, plan.home);
    const made = await makeReviewFolders({
      plan,
      data: means.data,
      engine,
      account: means.self.uid === 0 ? account : null,
      overlays,
      copy: (folder, place) =>
        copyForReview({
          plan: { ...plan, scratch: join(plan.scratch, 'copying') },
          folder,
          place,
          signal,
          prepare,
        }),
    });
    review = made;
    const machinery = {
      helper,
      system: image.base ? machine : null,
      imageVolumes: image.volumes,
      ...scratch,
    };
    terminal = plan.terminal && openHostTerminal(plan.terminal, user, means.clock);
    const planned = await planMounts(plan, machinery, account, (folder) => made.mount(folder));
    const mounts = [
      ...planned.mounts,
      ...own.map(ownMount),
      ...(terminal && typeof terminal !== 'string' ? [terminal.mount] : []),
    ];
    const asked = containerOptions(plan, means.data, engine, image, user, mounts);
    signal.throwIfAborted();
    container = await engine.api.createContainer(asked).catch((thrown: unknown) => {
      throw engineProblem('The container cannot be made', thrown);
    });
    refuseDifferences(asked, await container.inspect(), engine);
    signal.throwIfAborted();
    const decided = { plan, engine, image, user, system, own };
    return { ...decided, container, mounts, planned, review: made, terminal, remove };
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

const ownMount = ({ path, at, writable }: OwnPlace): ContainerMount => ({
  what: 'bind',
  from: path,
  at,
  writable,
  thing: null,
});

/** What no engine holds for us. */
function refuseUnkept(plan: SandboxPlan): void {
  const { limits, folders } = plan;
  const onDisk = folders.some(({ mode }) => mode === 'review') || countedFolders(plan).length > 0;
  if (limits.diskBytes === null || limits.supervised || !onDisk) return;
  throw new Problem(
    'unavailable',
    'No engine holds a disk total over folders under review, nor over a clone.',
    'Agree to a watchdog that ends the session at the cap (`--supervised`), or leave that limit out.',
  );
}
