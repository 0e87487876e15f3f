import type { Mount } from '../bubblewrap/mounts.ts';
import { type Mask, masksWithin } from '../grants/masks.ts';
import { insideOf, placeOf } from '../grants/inside-place.ts';
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

/** Where the version of a folder under review stands for bubblewrap; null: it is shown as it is. */
export type ReviewedAt = (folder: GrantedFolder) => string | null;

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
  const nearest = (place: string) => grants.findLast((grant) => isWithin(place, placeOf(grant)));
  /** Where something of this machine is to be seen inside, by grant. */
  const seen = (path: string) =>
    grants
      .filter((grant) => isWithin(path, grant.path))
      .map((grant) => ({ grant, place: insideOf(grant, path) }))
      // What is below another grant is that one's.
      .filter(({ grant, place }) => nearest(place) === grant);
  const masks = await masksWithin(grants, masked);
  const covered = (path: string) => masks.some((mask) => isWithin(path, mask.path));
  const writable = hides.repositories ? grants.filter(({ mode }) => mode === 'rw') : [];
  const found = await Promise.all(
    writable.map(async (grant) => (await repositoriesOf(grant.path)).map((place) => ({ grant, place }))),
  );
  const repositories = found
    .flat()
    .filter(({ grant, place }) => nearest(insideOf(grant, place.git)) === grant && !covered(place.git));

  const placed = new Placed(pinned);
  for (const grant of grants) {
    const version = reviewedAt(grant);
    if (version === null) placed.held(placeOf(grant), grant.path, grant.fd, grant.mode === 'rw');
    else placed.plain(grant.path, version, grant.mode === 'review');
  }
  for (const { grant, place } of repositories) {
    placed.repository(grant, await mountsOf(grant.path, place, account));
  }
  for (const mask of masks) {
    for (const { grant, place } of seen(mask.path)) {
      if (grant.mode === 'rw') placed.hold(grant, chainTo(grant.path, mask.path));
      placed.mask(place, mask);
    }
  }
  const sockets = hides.sockets ? await socketsIn(grants) : [];
  const shown = new Map(
    sockets
      .filter((path) => !covered(path))
      .flatMap((path) => seen(path).map(({ place }) => [place, path] as const)),
  );
  for (const [place, path] of shown) placed.mask(place, { path, type: 'file' });
  return { ...placed.all(), masks, repositories: repositories.length, sockets: shown.size };
}

/** Collects mounts by place, the shallow before the deep. */
class Placed {
  readonly #pinned: Pinned;
  readonly #mounts = new Map<string, Mount[]>();
  readonly #expected = new Map<string, { is: Identity } | { isNot: Identity }>();

  constructor(pinned: Pinned) {
    this.#pinned = pinned;
  }

  held(at: string, from: string, fd: number, writable: boolean): void {
    this.#mounts.set(at, [{ what: 'bind', from, fd, at, writable }]);
    this.#expected.set(at, { is: identityOf(fd) });
  }

  plain(at: string, from: string, writable: boolean): void {
    this.#mounts.set(at, [{ what: 'bind', from, fd: null, at, writable }]);
  }

  hold(grant: GrantedFolder, folders: readonly string[]): void {
    for (const path of folders) {
      const at = insideOf(grant, path);
      if (!this.#mounts.has(at)) this.held(at, path, this.#pinned.open(path), true);
    }
  }

  repository(grant: GrantedFolder, { held, readOnly }: RepositoryMounts): void {
    this.hold(grant, held);
    for (const path of readOnly) this.held(insideOf(grant, path), path, this.#pinned.open(path), false);
  }

  mask(at: string, { path, type }: Mask): void {
    const is = identityOf(this.#pinned.open(path));
    this.#mounts.set(at, Placed.#empty(at, type));
    this.#expected.set(at, { isNot: is });
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
