import { machineFacts } from './namespace/machine.ts';
import { removeLeftovers } from './namespace/leftovers.ts';
import { lookAtNamespaces } from './namespace/look.ts';
import { openOwnSandbox } from './namespace/open-own.ts';
import { OwnEtc } from './namespace/own-etc.ts';
import { ownerMark } from './namespace/owner-mark.ts';
import { loadPseudoTerminals, type PseudoTerminals } from './namespace/pseudo-terminal.ts';
import { prepareSandbox } from './namespace/prepare.ts';
import { loadStarter, type Starter } from './namespace/starter.ts';
import type { ExecutorNeeds } from './executor-needs.ts';
import { openEgress } from './open-egress.ts';
import type { OpenOwnSandbox } from './own-work.ts';
import type { Executor } from './sandbox.ts';

export interface NamespaceNeeds extends ExecutorNeeds {
  /** False: a folder under review is copied even where an overlay could be laid. */
  readonly overlays?: boolean;
  /** How terminals are had. */
  readonly terminals?: () => PseudoTerminals;
  /** What begins programs; null: Node does. */
  readonly starter?: () => Starter | null;
  /** Another bubblewrap than the one on the search path. */
  readonly bubblewrap?: string;
}

/** Also for Holdfast's own work on what sandboxes wrote. */
export interface NamespaceExecutor extends Executor {
  readonly openOwn: OpenOwnSandbox;
}

/** Contains with what the kernel gives everybody: namespaces by bubblewrap, then Landlock and a filter by the helper. */
export function createNamespaceExecutor(needs: NamespaceNeeds): NamespaceExecutor {
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  // Root's sandboxes run under an account that its data folder is closed to.
  const etc = new OwnEtc(self.uid === 0 ? '/run' : needs.data, ownerMark(needs.data));
  const preparing = {
    openEgress,
    overlays: true,
    terminals: loadPseudoTerminals,
    starter: loadStarter,
    ...needs,
    self,
    machine: machineFacts(needs),
    etc,
  };
  return {
    kind: 'namespace',
    look: () => lookAtNamespaces(preparing),
    prepare: (plan, signal) => prepareSandbox(plan, signal, preparing),
    openOwn: (work) => openOwnSandbox(work, preparing),
    reconcile: async () => {
      const reconciled = await removeLeftovers(needs);
      await etc.removeOthers();
      return reconciled;
    },
    close: () => etc.close(),
  };
}
