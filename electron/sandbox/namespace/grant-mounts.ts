import type { Mount } from '../bubblewrap/mounts.ts';
import { type Mask, masksWithin } from '../grants/masks.ts';
import { shallowFirst } from '../grants/order.ts';
import { chainTo, mountsOf, repositoriesOf, type RepositoryMounts } from '../grants/protected.ts';
import { isWithin } from '../grants/within.ts';
import type { GrantedFolder } from '../sandbox.ts';
import { socketsIn } from './sockets-in.ts';
import type { Account } from './account.ts';
import { identityOf, type Identity, type Pinned } from './pinned.ts';

/** What stands at the granted paths, and how it is told from anything else once it is there. */
export interface GrantMounts {
  readonly mounts: readonly Mount[];
  /** By path inside: what must be found there, or, for a mask of a folder, what must not. */
  readonly expected: ReadonlyMap<string, { readonly is: Identity } | { readonly isNot: Identity }>;
  readonly masks: readonly Mask[];
  readonly repositories: number;
  /** How many sockets of others are hidden. */
  readonly sockets: number;
}

/** Where the sandbox's own version of a folder under review stands for bubblewrap. */
export type ReviewedAt = (folder: GrantedFolder) => string;

/** What is looked for in the granted folders, to be protected. */
export interface Hides {
  readonly sockets: boolean;
  readonly repositories: boolean;
}

const none: GrantMounts = { mounts: [], expected: new Map(), masks: [], repositories: 0, sockets: 0 };

/** The granted folders, with what is protected inside them mounted over it. */
export async function grantMounts(
  folders: readonly GrantedFolder[],
  masked: readonly string[],
  pinned: Pinned,
  account: Account,
  hides: Hides,
  reviewedAt: ReviewedAt,
): Promise<GrantMounts> {
  if (folders.length === 0) return none;
  const grants = shallowFirst(folders);
  const nearest = (path: string) => grants.findLast((grant) => isWithin(path, grant.path));
  const masks = await masksWithin(grants, masked);
  const covered = (path: string) => masks.some((mask) => isWithin(path, mask.path));
  const writable = hides.repositories ? grants.filter(({ mode }) => mode === 'rw') : [];
  const found = await Promise.all(
    writable.map(async (grant) => (await repositoriesOf(grant.path)).map((place) => ({ grant, place }))),
  );
  const repositories = found
    .flat()
    // What is below another grant is that one's, and what is masked is nobody's.
    .filter(({ grant, place }) => nearest(place.git) === grant && !covered(place.git));

  const placed = new Placed(pinned);
  for (const grant of grants) {
    if (grant.mode === 'review') placed.plain(grant.path, reviewedAt(grant));
    else placed.held(grant.path, grant.fd, grant.mode === 'rw');
  }
  for (const { grant, place } of repositories) {
    placed.repository(await mountsOf(grant.path, place, account));
  }
  for (const mask of masks) {
    const grant = nearest(mask.path);
    if (grant?.mode === 'rw') placed.hold(chainTo(grant.path, mask.path));
    placed.mask(mask);
  }
  const sockets = hides.sockets ? await socketsIn(grants) : [];
  const shown = sockets.filter((path) => !covered(path));
  for (const path of shown) placed.mask({ path, type: 'file' });
  return { ...placed.all(), masks, repositories: repositories.length, sockets: shown.length };
}

/** Collects mounts by place, the shallow before the deep. */
class Placed {
  readonly #pinned: Pinned;
  readonly #mounts = new Map<string, Mount[]>();
  readonly #expected = new Map<string, { is: Identity } | { isNot: Identity }>();

  constructor(pinned: Pinned) {
    this.#pinned = pinned;
  }

  held(at: string, fd: number, writable: boolean): void {
    this.#mounts.set(at, [{ what: 'bind', from: at, fd, at, writable }]);
    this.#expected.set(at, { is: identityOf(fd) });
  }

  plain(at: string, from: string): void {
    this.#mounts.set(at, [{ what: 'bind', from, fd: null, at, writable: true }]);
  }

  hold(folders: readonly string[]): void {
    for (const at of folders) if (!this.#mounts.has(at)) this.held(at, this.#pinned.open(at), true);
  }

  repository({ held, readOnly }: RepositoryMounts): void {
    this.hold(held);
    for (const path of readOnly) this.held(path, this.#pinned.open(path), false);
  }

  mask({ path, type }: Mask): void {
    const is = identityOf(this.#pinned.open(path));
    this.#mounts.set(path, Placed.#empty(path, type));
    this.#expected.set(path, { isNot: is });
  }

  static #empty(at: string, type: 'file' | 'folder'): Mount[] {
    if (type === 'file') return [{ what: 'nothing', at }];
    return [
      { what: 'tmpfs', at, bytes: 4096, mode: 0o555 },
      { what: 'read-only', at },
    ];
  }

  all() {
    const depth = ([path]: [string, unknown]) => path.split('/').length;
    const inOrder = [...this.#mounts].toSorted((a, b) => depth(a) - depth(b));
    return { mounts: inOrder.flatMap(([, mounts]) => mounts), expected: this.#expected };
  }
}
