/** A session for `true` in a container of a real Docker, against create, start, wait and remove by hand with the same options. */
import { existsSync } from 'node:fs';
import Docker from 'dockerode';
import { openContainerHouse } from '../electron/sandbox/testing/container-executor.ts';
import { ran } from '../electron/sandbox/testing/sandbox-house.ts';
import { startDocker, withoutEngine } from '../electron/sandbox/testing/throw-away-engine.ts';
import { median, quick, report } from './parts/report.ts';

const rounds = quick ? 5 : 20;
const why = withoutEngine('dockerd');
if (why !== null) {
  console.log(`Not measured here: ${why}.`);
  process.exit();
}

const engine = await startDocker();
const docker = new Docker({ socketPath: engine.socket });
const house = await openContainerHouse(engine);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The options of a session’s own container, with `true` for its program; places that ended with the session are left out. */
async function sameOptions(): Promise<Docker.ContainerCreateOptions> {
  await house.start();
  const [listed] = await docker.listContainers();
  const { Config, HostConfig } = await docker.getContainer(listed!.Id).inspect();
  await house.clear();
  const mounts = (HostConfig.Mounts ?? []).filter(({ Source }) => existsSync(Source));
  const binds = (HostConfig.Binds ?? []).filter((bind: string) => existsSync(bind.split(':', 1)[0]!));
  const own = { Entrypoint: ['/bin/true'], Cmd: [], OpenStdin: false, AttachStdin: false };
  return { ...Config, ...own, HostConfig: { ...HostConfig, Mounts: mounts, Binds: binds } };
}

async function byHand(options: Docker.ContainerCreateOptions): Promise<void> {
  const container = await docker.createContainer(options);
  await container.start();
  await container.wait();
  await container.remove();
}

try {
  const options = await sameOptions();
  const figures = { ours: [] as number[], byHand: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    figures.byHand.push(await timed(() => byHand(options)));
    const plan = await house.plan();
    figures.ours.push(
      await timed(async () => {
        const prepared = await house.executor.prepare(plan, new AbortController().signal);
        const sandbox = await prepared.start();
        await ran(sandbox, ['/bin/true']);
        await sandbox.teardown();
      }),
    );
  }
  const [ours, hand] = [median(figures.ours), median(figures.byHand)];
  report({
    name: 'container session for true',
    figure: `${ours.toFixed(0)} ms`,
    compared: `${hand.toFixed(0)} ms dockerode create + start + wait + remove by hand`,
    value: ours / hand,
    aim: { atMost: 1.1 },
  });
} finally {
  await house.close();
  await engine.stop();
}
