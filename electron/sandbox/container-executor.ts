import { homedir } from 'node:os';
import type { Engine } from './containers/engine.ts';
import { findEngine } from './containers/find-engine.ts';
import { lookAtEngine } from './containers/look.ts';
import { createImages } from './containers/make-layer.ts';
import { type MadeContainer, makeContainer, type Means } from './containers/prepare.ts';
import { reconcileContainers } from './containers/reconciling.ts';
import { RunningContainer } from './containers/running-container.ts';
import { overlayRefused, startContainer } from './containers/start.ts';
import { watchingOf } from './containers/watching.ts';
import type { ExecutorNeeds } from './executor-needs.ts';
import { openEgress } from './open-egress.ts';
import type { OwnPlace } from './own-work.ts';
import type { Executor, PreparedSandbox, Sandbox, SandboxPlan, Told } from './sandbox.ts';

export interface ContainerNeeds extends ExecutorNeeds {
  /** Where the engines' own settings lie. */
  readonly home?: string;
}

/** Contains by Docker or Podman, whichever is found on this machine. */
export function createContainerExecutor(needs: ContainerNeeds): Executor {
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const engine = knownEngine(needs.environment, needs.home ?? homedir());
  const live = new Set<string>();
  const means: Means = { openEgress, ...needs, self, engine: engine.known, live };
  return {
    kind: 'container',
    images: createImages({ engine: engine.known, data: needs.data, live }),
    look: () => lookAtEngine(engine.find),
    prepare: (plan, signal, told = () => undefined) => prepared(means, plan, signal, told),
    reconcile: () => reconcileContainers(engine.find, needs.data, live),
    // Each sandbox belongs to whoever started it; of the engine nothing is held open.
    close: async () => undefined,
  };
}

async function prepared(
  means: Means,
  plan: SandboxPlan,
  signal: AbortSignal,
  told: Told,
  own: readonly OwnPlace[] = [],
): Promise<PreparedSandbox> {
  const make = (overlays: boolean) =>
    makeContainer(means, plan, signal, {
      own,
      overlays,
      prepare: (other, shown) => prepared(means, other, signal, told, shown),
      told,
    });
  const made = await make(true);
  const start = async () => {
    try {
      return await started(means, made);
    } catch (thrown) {
      // Whether the engine can lay an overlay there shows only when it does.
      if (!overlayRefused(thrown)) throw thrown;
      return started(means, await make(false));
    }
  };
  return { start, teardown: () => made.remove() };
}

async function started(means: Means, made: MadeContainer): Promise<Sandbox> {
  try {
    const container = await startContainer(means, made);
    try {
      return new RunningContainer(container, means.clock, await watchingOf(container, means.clock));
    } catch (thrown) {
      container.hangUp();
      throw thrown;
    }
  } catch (thrown) {
    await made.remove();
    throw thrown;
  }
}

/** The last engine that answered, or a new look: one may have been started, replaced or given rights to meanwhile. */
function knownEngine(environment: ContainerNeeds['environment'], home: string) {
  let last: Promise<Engine> | undefined;
  const find = (): Promise<Engine> => {
    const looking = findEngine(environment, home);
    last = looking;
    looking.catch(() => {
      if (last === looking) last = undefined;
    });
    return looking;
  };
  return { find, known: () => last ?? find() };
}
