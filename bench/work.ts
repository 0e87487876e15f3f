/**
 * Sessions of command agents around `true` on a repository of 10 MB: in a container with a warm mirror against
 * `git clone` and a container by hand with the same options; in a namespace sandbox against the container's; and
 * eight at once against their fair share.
 *
 * It says what it was measured on (TMPDIR chooses). ext4 has a journal nearly everywhere; without one it looks through
 * what was just removed near by for every new file, and this removes thousands. So what is cloned by hand lies as far
 * apart as the clones of sessions do: none is in the way of the others.
 */
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { pathsFor, systemPathSources } from '../electron/base/paths.ts';
import { spreadFolders } from '../electron/base/spread-folders.ts';
import { connect } from '../electron/cli/client.ts';
import { startDocker, withoutEngine } from '../electron/sandbox/testing/throw-away-engine.ts';
import { builtDaemon, start, stop } from './parts/daemons.ts';
import { median, quick, report } from './parts/report.ts';
import { whereItLies } from './parts/where-it-lies.ts';

const rounds = quick ? 5 : 15;
const atOnce = 8;
const run = promisify(execFile);
const git = (folder: string, ...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { cwd: folder });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** After a pause: what an engine still clears away of the one before would fall on the next, whichever that is. */
async function apart(work: () => Promise<unknown>): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return timed(work);
}

/** Two hundred files that no packing makes smaller. */
async function repository(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  for (let i = 0; i < 200; i++) await writeFile(join(folder, `file-${i}`), randomBytes(50 << 10));
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'first');
}

const why = withoutEngine('dockerd');
const engine = why === null ? await startDocker() : null;
const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-work-'));
await chmod(folder, 0o755);
console.log(`Measured on ${whereItLies(folder)}.`);
const byHands = join(folder, 'by-hand');
await mkdir(byHands);
await spreadFolders(byHands);
const agents = join(folder, 'config', 'holdfast', 'agents');
await mkdir(agents, { recursive: true });
const declare = (name: string, kind: string, script: string) =>
  writeFile(
    join(agents, `${name}.yaml`),
    `name: ${name}\ncommand: { argv: ${JSON.stringify(['sh', '-c', script])} }\nsandbox: { kind: ${kind} }\n`,
  );
await declare('contained', 'container', 'true');
await declare('sleeper', 'container', 'sleep 1000');
await declare('namespaced', 'namespace', 'true');
const served = join(folder, 'served');
await repository(join(served, 'project'));
const server = await start(new URL('./parts/git-server.ts', import.meta.url), [served]);
const url = `${server.line}/project/.git`;
const environment = { ...engine?.environment, XDG_CONFIG_HOME: join(folder, 'config'), HOME: folder };
const data = join(folder, 'data');
const daemon = await start(builtDaemon, ['--data', data, '--port', '0', '--no-open'], environment);
const own = systemPathSources();
const sources = { ...own, environment: { ...own.environment, ...environment }, home: folder };
const client = connect(pathsFor(data, sources));

/** From the asking to the end, when all of it is put away. */
async function session(agent: string): Promise<void> {
  const { id } = await client.work.start({ agent, repository: url });
  for await (const viewed of await client.sessions.attach({ session: id })) {
    if (viewed.kind !== 'ended') continue;
    if (viewed.outcome.label !== 'success') throw new Error(JSON.stringify(viewed.outcome));
    return;
  }
  throw new Error('it was not told how it ended');
}

/** The options of a session’s own container, with `true` for its program; places that ended with the session are left out. */
async function sameOptions(docker: Docker): Promise<Docker.ContainerCreateOptions> {
  const { id } = await client.work.start({ agent: 'sleeper', repository: url });
  const watching = new AbortController();
  for await (const seen of await client.sessions.watch(undefined, { signal: watching.signal })) {
    if (seen.id === id && seen.state === 'running') break;
  }
  watching.abort();
  const [listed] = await docker.listContainers();
  const { Config, HostConfig } = await docker.getContainer(listed!.Id).inspect();
  await client.sessions.stop({ session: id, force: true });
  const mounts = (HostConfig.Mounts ?? []).filter(({ Source }) => existsSync(Source));
  const entry = { Entrypoint: ['/bin/true'], Cmd: [], OpenStdin: false, AttachStdin: false };
  return { ...Config, ...entry, HostConfig: { ...HostConfig, Mounts: mounts } };
}

async function byHand(docker: Docker, options: Docker.ContainerCreateOptions): Promise<void> {
  const clone = join(byHands, randomBytes(8).toString('hex'));
  await run('git', ['clone', '-q', '--no-hardlinks', url, clone]);
  const bind = { Type: 'bind', Source: clone, Target: '/clone', ReadOnly: false } as const;
  const mounts = [...(options.HostConfig?.Mounts ?? []), bind];
  const container = await docker.createContainer({
    ...options,
    HostConfig: { ...options.HostConfig, Mounts: mounts },
  });
  await container.start();
  await container.wait();
  await container.remove();
  await rm(clone, { recursive: true });
}

const shown = (value: number) => `${value.toFixed(0)} ms`;
const namesIn = (name: string) => readdir(join(data, name)).catch(() => [] as string[]);

async function nothingIsLeft(docker: Docker | null): Promise<boolean> {
  const left = [...(await namesIn('sessions')), ...(await namesIn('sandboxes'))];
  return left.length === 0 && (!docker || (await docker.listContainers({ all: true })).length === 0);
}

async function together(agent: string, alone: number, docker: Docker | null): Promise<void> {
  const begun = performance.now();
  const each = await Promise.all(Array.from({ length: atOnce }, () => timed(() => session(agent))));
  const all = performance.now() - begun;
  // With two processors, each has a quarter of one: eight take as long as four after one another.
  const fair = (alone * atOnce) / 2;
  report({
    name: `${atOnce} at once, ${agent}`,
    figure: `${shown(Math.max(...each))} the slowest, ${shown(all)} all, ${(await nothingIsLeft(docker)) ? 'nothing' : 'SOMETHING'} left`,
    compared: `${shown(fair)} their fair share of two processors`,
    value: Math.max(...each) / fair,
    aim: { atMost: 1.3 },
  });
}

try {
  await client.settings.set({ key: 'work.concurrency', value: atOnce });
  const docker = engine ? new Docker({ socketPath: engine.socket }) : null;
  await session('namespaced');
  const figures = { contained: [] as number[], namespaced: [] as number[], byHand: [] as number[] };
  if (docker) {
    const options = await sameOptions(docker);
    for (let round = 0; round < rounds; round++) {
      figures.byHand.push(await apart(() => byHand(docker, options)));
      figures.contained.push(await apart(() => session('contained')));
      figures.namespaced.push(await apart(() => session('namespaced')));
    }
    const [ours, hand] = [median(figures.contained), median(figures.byHand)];
    report({
      name: 'session around true in a container, warm mirror',
      figure: shown(ours),
      compared: `${shown(hand)} git clone and a container by hand, same options`,
      value: ours / hand,
      aim: { atMost: 1.3 },
    });
    const here = median(figures.namespaced);
    report({
      name: 'the same in a namespace sandbox',
      figure: shown(here),
      compared: `${shown(ours)} in the container`,
      value: here / ours,
      aim: { atMost: 0.4 },
    });
    await together('contained', ours, docker);
  } else {
    console.log(`Containers are not measured here: ${why}.`);
    for (let round = 0; round < rounds; round++) {
      figures.namespaced.push(await apart(() => session('namespaced')));
    }
  }
  await together('namespaced', median(figures.namespaced), docker);
} finally {
  await stop(daemon);
  await stop(server);
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
}
