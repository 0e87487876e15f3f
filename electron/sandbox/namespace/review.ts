import { fstatSync, type Stats } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import {
  fileSystemTime,
  freePlace,
  keptBefore,
  type KeptFolder,
  partsOf,
  writeKept,
} from '../reviewing/kept-folder.ts';
import type { Owner } from '../../base/owner.ts';
import { removeTree } from '../../base/remove-tree.ts';
import type { GrantedFolder, SandboxPlan } from '../sandbox.ts';
import { versionsKept, versionsToRead } from '../reviewing/versions-to-read.ts';
import type { Account } from './account.ts';
import { stagesWell } from './overlay-trial.ts';
import { Staging } from './staging.ts';

export interface ReviewNeeds {
  readonly plan: Pick<SandboxPlan, 'folders' | 'kept'>;
  readonly helper: string;
  /** Whether to try overlays at all. */
  readonly overlays: boolean;
  /** Whose the sandbox's files are to be; null: this process's own account. */
  readonly account: Account | null;
  readonly staging: Staging;
  readonly used: Owner;
  /** Copies a folder to `copy` and writes down what it held. */
  readonly copy: (folder: GrantedFolder, place: string) => Promise<Pick<KeptFolder, 'way' | 'copiedNs'>>;
}

export interface Reviewed {
  readonly path: string;
  readonly way: KeptFolder['way'];
  /** Where it stands for bubblewrap. */
  readonly from: string;
  /** What the sandbox writes, as it lies on the disk; null: it only reads what others wrote. */
  readonly version: string | null;
}

/** Gives the sandbox a version of its own of each folder under review; the original is not written. */
export async function prepareReview(needs: ReviewNeeds): Promise<Reviewed[]> {
  const { plan, staging, used } = needs;
  const folders = plan.folders.filter(({ mode }) => mode === 'review');
  const kept = [...(await versionsKept(plan))];
  const reviewed: Reviewed[] = versionsToRead(plan, kept).map(({ folder, version }) => ({
    path: folder.path,
    way: version.way,
    from: shownToRead(needs, folder, version),
    version: null,
  }));
  if (folders.length === 0) return reviewed;
  await mkdir(plan.kept, { recursive: true, mode: 0o700 });
  for (const folder of folders) {
    const before = keptBefore(kept, { path: folder.path, ...fstatSync(folder.fd, { bigint: true }) });
    const one = before ?? (await makeVersion(needs, folder, freePlace(kept)));
    if (before) await takeUp(needs, before);
    else kept.push(one);
    const { place } = one;
    const { own, upper, work, copy } = partsOf(plan.kept, { place });
    const overlay = one.way === 'overlay';
    const from = overlay ? staging.overlay(folder, staging.place(own)) : copyFrom(needs, plan.kept, place);
    reviewed.push({ path: folder.path, way: one.way, from, version: overlay ? upper : copy });
    // The kernel's own leftovers are nobody's to review.
    if (overlay) used.own(() => removeTree(work));
  }
  await writeKept(plan.kept, kept);
  return reviewed;
}

function shownToRead(needs: ReviewNeeds, folder: GrantedFolder, { way, place }: KeptFolder): string {
  const { staging, plan } = needs;
  if (way !== 'overlay') return copyFrom(needs, plan.kept, place);
  return staging.layers(folder, staging.place(partsOf(plan.kept, { place }).own));
}

function copyFrom({ staging, account }: ReviewNeeds, kept: string, place: string): string {
  const { own, copy } = partsOf(kept, { place });
  return account ? `${staging.place(own)}/copy` : copy;
}

async function makeVersion(needs: ReviewNeeds, folder: GrantedFolder, place: string): Promise<KeptFolder> {
  const { plan, account } = needs;
  const { own } = partsOf(plan.kept, { place });
  // What was begun here and never written down is nobody's.
  await removeTree(own);
  await mkdir(own, { recursive: true, mode: 0o700 });
  if (account) await chown(own, account.uid, account.gid);
  const { dev, ino } = fstatSync(folder.fd, { bigint: true });
  const startedNs = String(await fileSystemTime(own));
  const overlay = needs.overlays && (await makeOverlay(needs, folder, place));
  const how = overlay ? { way: 'overlay' as const, copiedNs: null } : await needs.copy(folder, place);
  return { path: folder.path, device: String(dev), inode: String(ino), place, startedNs, ...how };
}

/** What an earlier sandbox wrote is there; only the kernel's own working folder is made anew. */
async function takeUp({ plan, account }: ReviewNeeds, before: KeptFolder): Promise<void> {
  if (before.way !== 'overlay') return;
  const { work } = partsOf(plan.kept, before);
  await removeTree(work);
  await mkdir(work);
  if (account) await chown(work, account.uid, account.gid);
}

/** Makes the layers, and tries whether this machine mounts them. */
async function makeOverlay(needs: ReviewNeeds, folder: GrantedFolder, place: string): Promise<boolean> {
  const { own, upper, work } = partsOf(needs.plan.kept, { place });
  const facts = fstatSync(folder.fd);
  if (!isAccounts(facts, needs.account)) return false;
  const { uid, gid, mode } = facts;
  await Promise.all([mkdir(upper), mkdir(work)]);
  // The upper layer's own mode and owner are what the folder itself has inside.
  await chmod(upper, mode & 0o7777);
  if (needs.account) {
    await chown(upper, uid, gid);
    await chown(work, needs.account.uid, needs.account.gid);
  }
  const trial = new Staging();
  trial.overlay(folder, trial.place(own));
  return stagesWell(needs.helper, trial, needs.account);
}

/**
 * The overlay's mounter has numbers for its own account and group alone: of what belongs to others the kernel makes no
 * version. Where the folder itself is of another group, most in it will be. Single files of others stay readable.
 */
const isAccounts = ({ uid, gid }: Stats, account: Account | null): boolean =>
  uid === (account?.uid ?? process.getuid?.()) && gid === (account?.gid ?? process.getgid?.());
