import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../../shared/problem.ts';
import { filterFor } from '../filter/filter.ts';
import type { Egress } from '../egress.ts';
import type { Helper, HelperReady } from '../helper/helper.ts';
import { startHelper } from '../helper/start-helper.ts';
import { sandboxEnvironment } from '../inside/environment.ts';
import { confinementFor } from '../namespace/confinement.ts';
import { partsOf } from '../reviewing/kept-folder.ts';
import { wordsOf } from './engine.ts';
import { dialStream, EngineFrames } from './engine-stream.ts';
import { insidePlaces } from './inside-places.ts';
import type { MadeContainer, Means } from './prepare.ts';
import { refuseSwapped } from './swapped.ts';

/** A container at work, its helper confined and what it sees compared with what was meant. */
export interface StartedContainer {
  readonly made: MadeContainer;
  readonly helper: Helper;
  readonly ready: HelperReady;
  readonly egress: Egress | null;
  /** Why its streams ended; resolves when they did. */
  readonly over: Promise<string>;
  /** Ends the streams, and with its input the helper. */
  hangUp(): void;
}

const complaintsKept = 2000;

export async function startContainer(means: Means, made: MadeContainer): Promise<StartedContainer> {
  const { container, engine, plan } = made;
  const attach = `/containers/${container.id}/attach?stream=1&stdin=1&stdout=1&stderr=1`;
  const stream = await dialStream(engine.socket, attach);
  let complaints = '';
  const frames = new EngineFrames((bytes) => {
    if (complaints.length < complaintsKept) complaints += bytes.toString('utf8');
  });
  let broken = '';
  const kill = (why: string) => {
    broken ||= why;
    stream.destroy();
    container.kill().catch(() => undefined);
  };
  const toHelper = new PassThrough();
  const egress = plan.egress ? means.openEgress(plan.egress) : null;
  const over = Promise.allSettled([pipeline(stream, frames), pipeline(toHelper, stream)]).then(
    () => broken || complaints.trim() || 'the container ended',
  );
  try {
    await container.start();
    const helper = startHelper({ toHelper, fromHelper: frames, kill }, confinement(made), egress);
    void over.then((why) => helper.gone(why));
    const ready = await helper.ready;
    refuseMoved(made, ready);
    await refuseCapable(ready, helper);
    await refuseSwapped(overlaid(made), mountPoints(made), helper.files);
    await giveSecrets(made, helper);
    return { made, helper, ready, egress, over, hangUp: () => stream.destroy() };
  } catch (thrown) {
    stream.destroy();
    egress?.cut();
    if (thrown instanceof Problem) throw thrown;
    throw new Problem('unavailable', `The container did not start: ${wordsOf(thrown)}`, undefined, {
      cause: thrown,
    });
  }
}

const overlaid = ({ plan, review }: MadeContainer) =>
  plan.folders.flatMap(({ path, fd }) => {
    const kept = [...review.kept, ...review.read].find(
      (each) => each.path === path && each.way === 'overlay',
    );
    return kept ? [{ path, fd, upper: partsOf(plan.kept, kept).upper }] : [];
  });

const mountPoints = ({ mounts }: MadeContainer) => mounts.map(({ at }) => at);

function confinement({ plan, engine, image, system, mounts, terminal, own: given }: MadeContainer) {
  const hasTerminal = terminal !== null && typeof terminal !== 'string';
  const environment = sandboxEnvironment({
    network: plan.egress !== null,
    terminal: hasTerminal,
    home: plan.home,
    added: { ...(image.searchPath === null ? {} : { PATH: image.searchPath }), ...plan.environment },
  });
  const checked = mounts.flatMap((mount) => (mount.what === 'bind' && mount.thing ? [mount.at] : []));
  const filter = filterFor({
    arch: engine.architecture === 'arm64' ? 'arm64' : 'x64',
    inet: plan.egress !== null || plan.loopback,
    unix: plan.unixSockets,
  });
  const secrets = Object.keys(plan.secrets).length > 0 ? [{ at: insidePlaces.secrets, writable: true }] : [];
  const own = [...secrets, ...given];
  const usual = confinementFor({ plan, system, environment, filter, terminal: hasTerminal, checked, own });
  // Processes are counted by the container's own limit: the account may have others on this machine.
  const { nproc: _elsewhere, ...rlimits } = usual.rlimits;
  return { ...usual, rlimits };
}

/** Engines take folders by their paths, which may have come to mean something else: nothing has run there yet. */
function refuseMoved({ mounts }: MadeContainer, ready: HelperReady): void {
  for (const mount of mounts) {
    if (mount.what !== 'bind' || !mount.thing) continue;
    const there = ready.places.get(mount.at);
    if (there?.device === mount.thing.device && there.inode === mount.thing.inode) continue;
    throw new Problem(
      'conflict',
      `What the engine mounted at ${mount.at} is not the folder that was meant.`,
      'Try again when nothing else is changing that folder. An engine in a machine of its own, such as Docker Desktop’s, has other folders and cannot be used.',
    );
  }
}

/** Engines tell in different words what they dropped; the kernel tells what is left. */
async function refuseCapable({ pid }: HelperReady, { files }: Helper): Promise<void> {
  const { bytes } = await files.read(`/proc/${pid}/status`, { most: 8192 });
  const status = bytes.toString('latin1');
  const none = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].every((set) =>
    new RegExp(`^${set}:\\s*0+$`, 'm').test(status),
  );
  if (none && /^NoNewPrivs:\s*1$/m.test(status)) return;
  throw new Problem(
    'unavailable',
    'The engine left capabilities in the container, although none were asked for.',
    'Use a newer engine or the other one, or a namespace sandbox.',
  );
}

async function giveSecrets({ plan }: MadeContainer, { files }: Helper): Promise<void> {
  for (const [name, value] of Object.entries(plan.secrets)) {
    await files.write(`${insidePlaces.secrets}/${name}`, value, { how: 'create', mode: 0o400 });
  }
}

/** Whether it was its overlay that could not be mounted. */
export const overlayRefused = (thrown: unknown): boolean =>
  thrown instanceof Problem && /mount[^:]*volume|mount overlay/i.test(thrown.message);
