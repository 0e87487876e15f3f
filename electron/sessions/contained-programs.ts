import type { Capability } from '../../shared/capability.ts';
import type { HostPattern } from '../../shared/capability/host-pattern.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import { sandboxLimitsSchema } from '../../shared/session.ts';
import { removeTree } from '../base/remove-tree.ts';
import type { SandboxPlan } from '../sandbox/sandbox.ts';
import type { ContainedProgram, ContainedWish, Containing, WayOut } from '../tools/contained-program.ts';
import { closeFolders, openFolders, workingFolder } from './preparing/granted-folders.ts';
import { rightsFor, SessionRights } from './preparing/session-rights.ts';
import { refuseKernelFolder } from './preparing/wish-check.ts';
import { Connections } from './running/connections.ts';
import { launch } from './running/launch.ts';
import { SessionGate } from './running/session-gate.ts';
import { SessionFolder } from './session-folder.ts';
import type { SessionParts } from './session-parts.ts';

const system: Actor = { kind: 'system' };
/** What it has to end by itself when it is asked to. */
const grace = 1000;

/** Programs that work for Holdfast’s tools, contained as sessions are: by rights of their own, on the record. */
export function containedPrograms(parts: SessionParts): Containing {
  return {
    run: (wish, signal) => runContained(parts, wish, signal),
    wayOut: (session, hosts) => wayOut(parts, session, hosts),
    async forget(session) {
      await new SessionRights(parts.tokens, session).end('what held them is gone', system);
      await removeTree(new SessionFolder(parts.data, session).scratch);
    },
  };
}

async function runContained(
  parts: SessionParts,
  wish: ContainedWish,
  signal: AbortSignal,
): Promise<ContainedProgram> {
  const { session, argv, hosts, environment } = wish;
  refuseReview(wish);
  for (const { path } of wish.folders) refuseKernelFolder(path);
  const [ownPlaces, executor] = await Promise.all([parts.ownPlaces(), parts.executor('namespace')]);
  const folders = openFolders(parts.open, wish.folders, ownPlaces);
  let isLaunched = false;
  const rights = new SessionRights(parts.tokens, session);
  const connections = new Connections({ ...parts, session });
  const gate = hosts.length > 0 ? new SessionGate(rights, hosts, connections) : null;
  const folder = new SessionFolder(parts.data, session);
  const close = async (reason: string) => {
    gate?.end();
    await connections.end();
    await rights.end(reason, system);
    await folder.remove(parts.log);
  };
  try {
    const cwd = workingFolder(parts.open, { cwd: wish.cwd, image: null }, folders);
    await rights.issue(rightsFor(argv, folders, hosts), system);
    const plan: SandboxPlan = {
      session,
      folders: folders.map(({ path, at, mode, opened }) => ({ path, at, mode, fd: opened.fd })),
      egress: gate,
      loopback: false,
      unixSockets: false,
      limits: sandboxLimitsSchema.parse({}),
      image: null,
      terminal: null,
      environment: {},
      secrets: {},
      masked: ownPlaces,
      scratch: folder.scratch,
      kept: folder.kept,
    };
    const intended = rights.authorize({ kind: 'exec', argv });
    intended.catch(() => undefined);
    // It closes the folders however it ends; a number closed twice may be somebody else’s the second time.
    isLaunched = true;
    const command = { argv, cwd, environment };
    const launched = await launch(executor, { plan, command, folders }, intended, signal, () => undefined);
    if (!('pipes' in launched.running)) throw new Problem('internal', 'It has a terminal.');
    const { sandbox } = launched;
    let closing: Promise<void> | undefined;
    return {
      running: launched.running.pipes,
      layers: sandbox.layers.map(({ name, detail }) => `${name}: ${detail}`),
      close: (reason) =>
        (closing ??= (async () => {
          try {
            await sandbox.stop(grace).catch(() => undefined);
            await sandbox.teardown();
          } finally {
            await close(reason);
          }
        })()),
    };
  } catch (thrown) {
    if (!isLaunched) closeFolders(folders);
    await close('it did not start').catch((failure: unknown) => {
      parts.log.warn({ err: failure, session }, 'the rights of a program that never began remain');
    });
    throw thrown;
  }
}

function refuseReview({ folders }: ContainedWish): void {
  const reviewed = folders.find(({ mode }) => mode === 'review');
  if (!reviewed) return;
  throw new Problem(
    'invalid_input',
    `${reviewed.path} cannot be under review: what a server of tools writes is there at once for whoever asks it.`,
    'Give the folder to read (ro), or to write (rw).',
  );
}

async function wayOut(
  parts: SessionParts,
  session: Id<'session'>,
  hosts: readonly HostPattern[],
): Promise<WayOut> {
  const rights = new SessionRights(parts.tokens, session);
  const connections = new Connections({ ...parts, session });
  const gate = new SessionGate(rights, hosts, connections);
  await rights.issue(rightsFor([], [], hosts).filter(isNetwork), system);
  return {
    gate,
    async close(reason) {
      gate.end();
      await connections.end();
      await rights.end(reason, system);
    },
  };
}

const isNetwork = ({ kind }: Capability): boolean => kind === 'network';
