import { fstatSync } from 'node:fs';
import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { Owner } from '../../base/owner.ts';
import type { Egress, EgressGate } from '../egress.ts';
import type { Mount } from '../bubblewrap/mounts.ts';
import type { OwnPlace } from '../own-work.ts';
import type { GrantedFolder, PreparedSandbox, SandboxPlan } from '../sandbox.ts';
import { type Account, accountFor, refuseUnusable } from './account.ts';
import { refuseMovedReview, refuseSystemFolders } from './allowed-folders.ts';
import { copyForReview } from '../reviewing/copy-for-review.ts';
import { type GrantMounts, grantMounts } from './grant-mounts.ts';
import { type HeldLimits, heldLimits } from './limits.ts';
import { placeOf } from '../grants/inside-place.ts';
import { isWithin } from '../grants/within.ts';
import type { MachineFacts } from './machine.ts';
import type { OwnEtc } from './own-etc.ts';
import { Pinned } from './pinned.ts';
import type { PseudoTerminals } from './pseudo-terminal.ts';
import { prepareReview, type Reviewed } from './review.ts';
import { countedFolders } from '../totals/counted-folders.ts';
import { Staging } from './staging.ts';
import { startPrepared } from './start-prepared.ts';
import type { Starter } from './starter.ts';

export interface PrepareNeeds {
  readonly clock: Clock;
  readonly log: Log;
  readonly data: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly uid: () => number | null;
  /** This process's own account. */
  readonly self: Account;
  readonly overlays: boolean;
  readonly terminals: () => PseudoTerminals;
  readonly starter: () => Starter | null;
  readonly openEgress: (gate: EgressGate) => Egress;
  readonly machine: () => Promise<MachineFacts>;
  readonly etc: OwnEtc;
}

/** Everything that was decided before anything was started. */
export interface Prepared {
  readonly plan: SandboxPlan;
  readonly machine: MachineFacts;
  readonly needs: PrepareNeeds;
  /** Under whom it runs. */
  readonly account: Account;
  /** The same where this process has to become it. */
  readonly drop: Account | null;
  readonly helper: Mount;
  /** A descriptor of what stands for /etc. */
  readonly etc: number | null;
  readonly held: HeldLimits;
  readonly grants: GrantMounts;
  readonly reviewed: readonly Reviewed[];
  /** How many sockets of others are hidden in its folders. */
  readonly hiddenSockets: number;
  /** Folders of Holdfast's own that stand inside. */
  readonly own: readonly OwnPlace[];
  readonly staging: Staging;
  /** What this sandbox uses; closing it gives all of it back. */
  readonly used: Owner;
}

/** What only Holdfast's own work has. */
export interface OwnParts {
  readonly places?: readonly OwnPlace[];
  /** False: it writes what it was told to, so nothing needs to be kept from it, however large the folder. */
  readonly keepsRepositories?: boolean;
}

/** Checks the whole plan, and refuses what cannot be enforced here. */
export async function prepareSandbox(
  plan: SandboxPlan,
  signal: AbortSignal,
  needs: PrepareNeeds,
  own: OwnParts = {},
): Promise<PreparedSandbox> {
  const { places = [] } = own;
  const machine = await needs.machine();
  const account = await accountFor({ ...needs.self, chosen: needs.uid(), environment: needs.environment });
  const drop = account.uid === needs.self.uid ? null : account;
  refuseSystemFolders(plan);
  refuseMovedReview(plan);
  for (const folder of plan.folders) refuseFolder(folder, drop);
  for (const { path, fd, writable } of plan.own ?? []) {
    refuseFolder({ path, fd, mode: writable === false ? 'ro' : 'rw' }, drop);
  }
  const reviews = plan.folders.some(({ mode }) => mode === 'review');
  const held = heldLimits(plan.limits, reviews || countedFolders(plan).length > 0);
  const helper = await machine.helperFor(drop);
  const etc = await etcFor(plan, machine, needs.etc);
  const used = new Owner();
  try {
    const pinned = new Pinned();
    used.own(() => pinned.close());
    const staging = new Staging();
    const prepare = (other: SandboxPlan, shown: readonly OwnPlace[]) =>
      prepareSandbox(other, signal, needs, { places: shown });
    const reviewed = await prepareReview({
      plan,
      helper: machine.helper,
      overlays: needs.overlays,
      account: drop,
      staging,
      used,
      copy: (folder, place) => copyForReview({ plan, folder, place, signal, prepare }),
    });
    const reviewedAt = new Map(reviewed.map(({ path, from }) => [path, from]));
    const grants = await grantMounts(
      plan.folders,
      plan.masked,
      pinned,
      account,
      { sockets: plan.unixSockets, repositories: own.keepsRepositories ?? true },
      ({ path }) => reviewedAt.get(path) ?? null,
    );
    if (signal.aborted) throw new Problem('cancelled', 'It was cancelled before it started.');
    const decided = { plan, machine, needs, account, drop, helper, etc, held };
    const prepared = {
      ...decided,
      grants,
      reviewed,
      hiddenSockets: grants.sockets,
      own: places,
      staging,
      used,
    };
    return {
      start: () => startPrepared(prepared),
      teardown: () => used.close(),
    };
  } catch (failure) {
    await used.close();
    throw failure;
  }
}

function refuseFolder(folder: GrantedFolder, drop: Account | null): void {
  const facts = fstatSync(folder.fd);
  if (!facts.isDirectory()) {
    throw new Problem('invalid_input', `${folder.path} is no folder.`, 'Give the folder that it lies in.');
  }
  if (drop) refuseUnusable(folder, facts, drop);
}

/** In one piece where it can be bound by its descriptor, and where no grant is to stand inside it. */
async function etcFor({ folders }: SandboxPlan, machine: MachineFacts, etc: OwnEtc): Promise<number | null> {
  const apart =
    !machine.bubblewrap.bindsByDescriptor || folders.some((folder) => isWithin(placeOf(folder), '/etc'));
  return apart ? null : etc.open(machine.system.pieces);
}
