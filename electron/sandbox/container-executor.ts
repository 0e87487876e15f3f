import { homedir } from 'node:os';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Engine } from './containers/engine.ts';
import { findEngine } from './containers/find-engine.ts';
import type { PullTold } from './containers/image.ts';
import { lookAtEngine } from './containers/look.ts';
import { type MadeContainer, makeContainer, type Means } from './containers/prepare.ts';
import { reconcileContainers } from './containers/reconciling.ts';
import { RunningContainer } from './containers/running-container.ts';
import { startContainer } from './containers/start.ts';
import type { Egress, EgressGate } from './egress.ts';
import { openEgress } from './open-egress.ts';
import type { Executor, Sandbox } from './sandbox.ts';

export interface ContainerNeeds {
  readonly clock: Clock;
  readonly log: Log;
  /** The data folder: whose containers these are. */
  readonly data: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The setting `sandbox.uid`, asked for each sandbox. */
  readonly uid: () => number | null;
  /** How connections are made where a session may make them. */
  readonly openEgress?: (gate: EgressGate) => Egress;
  /** How far the fetching of an image has come. */
  readonly pulling?: PullTold;
  /** Where the engines' own settings lie. */
  readonly home?: string;
}

/** Contains by Docker or Podman, whichever is found on this machine. */
export function createContainerExecutor(needs: ContainerNeeds): Executor {
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const engine = knownEngine(needs.environment, needs.home ?? homedir());
  const live = new Set<string>();
  const means: Means = { openEgress, pulling: () => undefined, ...needs, self, engine: engine.known, live };
  return {
    kind: 'container',
    look: () => lookAtEngine(engine.find),
    prepare: async (plan, signal) => {
      const made = await makeContainer(means, plan, signal);
      return { start: () => started(means, made), teardown: () => made.remove() };
    },
    reconcile: () => reconcileContainers(engine.find, needs.data, live),
    // Each sandbox belongs to whoever started it; of the engine nothing is held open.
    close: async () => undefined,
  };
}

async function started(means: Means, made: MadeContainer): Promise<Sandbox> {
  try {
    return new RunningContainer(await startContainer(means, made), means.clock);
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
