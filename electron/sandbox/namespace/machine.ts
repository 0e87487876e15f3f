import { askBubblewrap, type Bubblewrap, findBubblewrap } from '../bubblewrap/find-bubblewrap.ts';
import type { Mount } from '../bubblewrap/mounts.ts';
import { findSystemPlaces, type SystemPlaces } from '../bubblewrap/system-places.ts';
import { needHelper } from '../helper/find-helper.ts';
import type { Account } from './account.ts';
import { helperMount } from './helper-mount.ts';

/** What is the same for every sandbox of this life. */
export interface MachineFacts {
  readonly bubblewrap: Bubblewrap;
  readonly system: SystemPlaces;
  readonly helper: string;
  /** How the helper comes into a sandbox of this account. */
  readonly helperFor: (drop: Account | null) => Promise<Mount>;
}

interface Needs {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly bubblewrap?: string;
}

/** Looks when first asked, and again as long as something is missing: it may have been installed since. */
export function machineFacts({ environment, bubblewrap }: Needs): () => Promise<MachineFacts> {
  let known: Promise<MachineFacts> | undefined;
  return () => {
    known ??= look();
    known.catch(() => {
      known = undefined;
    });
    return known;
  };

  async function look(): Promise<MachineFacts> {
    const helper = needHelper();
    const [found, system] = await Promise.all([
      bubblewrap === undefined ? findBubblewrap(environment['PATH']) : askBubblewrap(bubblewrap),
      findSystemPlaces(),
    ]);
    const mounts = new Map<number | undefined, Promise<Mount>>();
    const helperFor = (drop: Account | null) => {
      const mount = mounts.get(drop?.uid) ?? helperMount(helper, drop);
      mounts.set(drop?.uid, mount);
      mount.catch(() => mounts.delete(drop?.uid));
      return mount;
    };
    return { bubblewrap: found, system, helper, helperFor };
  }
}
