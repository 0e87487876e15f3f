import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientFor } from '../containers/engine-client.ts';

/** A real engine with nothing in it, for the tests of one file. */
export interface ThrowAwayEngine {
  readonly socket: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Why no engine can be started here, for a loud skip; null where one can. */
export function withoutEngine(program: 'dockerd' | 'podman'): string | null {
  if (process.platform !== 'linux') return 'containers are tested on Linux';
  if (process.getuid?.() !== 0) return `only root can start a ${program} of its own`;
  const folders = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/usr/bin');
  return folders.some((folder) => existsSync(join(folder, program))) ? null : `${program} is not installed`;
}

/** It touches no network of this machine, and its mounts are in a namespace of its own, so that none is left. */
export async function startDocker(): Promise<ThrowAwayEngine> {
  return started('docker', (folder, socket) => [
    'dockerd',
    `--data-root=${join(folder, 'data')}`,
    `--exec-root=${join(folder, 'exec')}`,
    `--pidfile=${join(folder, 'pid')}`,
    `--host=unix://${socket}`,
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    '--log-level=warn',
  ]);
}

export async function startPodman(): Promise<ThrowAwayEngine> {
  return started('podman', async (folder, socket) => {
    const at = (name: string) => join(folder, name);
    await mkdir(at('conf'));
    await writeFile(
      at('conf/storage.conf'),
      `[storage]\ndriver = "overlay"\nrunroot = "${at('run')}"\ngraphroot = "${at('root')}"\n`,
    );
    const engine = {
      runtime: 'runc',
      cgroup_manager: 'cgroupfs',
      events_logger: 'file',
      tmp_dir: at('tmp'),
      static_dir: at('static'),
      volume_path: at('volumes'),
    };
    const lines = Object.entries(engine).map(([name, value]) => `${name} = "${value}"`);
    await writeFile(at('conf/containers.conf'), `[engine]\n${lines.join('\n')}\n`);
    return ['podman', 'system', 'service', '--time=0', `unix://${socket}`];
  });
}

type Arguments = (folder: string, socket: string) => string[] | Promise<string[]>;

async function started(name: string, argumentsFor: Arguments): Promise<ThrowAwayEngine> {
  const folder = await mkdtemp(join(tmpdir(), `holdfast-${name}-`));
  const socket = join(folder, 'engine.sock');
  const command = await argumentsFor(folder, socket);
  // Ends with this process, also where that is killed.
  const framed = ['--mount', '--propagation=slave', 'setpriv', '--pdeathsig=TERM', ...command];
  const child = spawn('unshare', framed, {
    // Its shims write where it stands.
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`,
      HOME: folder,
      CONTAINERS_CONF: join(folder, 'conf', 'containers.conf'),
      CONTAINERS_STORAGE_CONF: join(folder, 'conf', 'storage.conf'),
    },
  });
  let said = '';
  const hear = (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-4000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  await untilItAnswers(socket, child, () => said);
  return {
    socket,
    folder,
    environment: { DOCKER_HOST: `unix://${socket}` },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function untilItAnswers(socket: string, child: ChildProcess, said: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the engine did not start:\n${said()}`);
    if (await answers(socket)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping' }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    asked.once('error', () => resolve(false));
    asked.end();
  });
}

/** The containers and volumes that it has. */
export async function leftIn({ socket }: ThrowAwayEngine): Promise<string[]> {
  const api = clientFor(socket);
  const containers = await api.listContainers({ all: true });
  const { Volumes: volumes } = await api.listVolumes();
  return [...containers.map(({ Id }) => Id), ...(volumes ?? []).map(({ Name }) => Name)];
}
