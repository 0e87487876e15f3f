import type { Account } from '../namespace/account.ts';
import type { Engine } from './engine.ts';

/** Whom a container's programs run as. */
export interface InsideUser {
  readonly uid: number;
  readonly gid: number;
  /** How the account outside is carried inside, where the engine maps accounts. */
  readonly namespace: string | null;
  /** The same account as this machine numbers it. */
  readonly outsideUid: number;
}

/**
 * The unprivileged account that the person's folders belong to. A rootless engine has only the person's own: Podman
 * keeps its number inside, Docker calls it root there, which then is nobody but that person and has no capability.
 */
export function insideUser(engine: Pick<Engine, 'name' | 'rootless'>, account: Account): InsideUser {
  const outsideUid = account.uid;
  if (!engine.rootless) return { ...account, namespace: null, outsideUid };
  return engine.name === 'Podman'
    ? { ...account, namespace: 'keep-id', outsideUid }
    : { uid: 0, gid: 0, namespace: null, outsideUid };
}
