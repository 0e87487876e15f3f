import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../../shared/problem.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where an engine may listen, and who says so. */
export interface EnginePlace {
  readonly socket: string;
  readonly from: string;
}

/** A place that somebody named is the only one looked at; the usual ones are tried in turn. */
export interface EnginePlaces {
  readonly named: boolean;
  readonly places: readonly EnginePlace[];
}

/**
 * DOCKER_HOST, then the chosen Docker context, then Podman's variable, then the usual sockets. Folders and the
 * helper are mounted from this machine, so an engine elsewhere cannot contain anything of it.
 */
export async function enginePlaces(environment: Environment, home: string): Promise<EnginePlaces> {
  const host = environment['DOCKER_HOST'];
  if (host) return { named: true, places: [socketOf(host, 'DOCKER_HOST')] };
  const context = await chosenContext(environment, home);
  if (context) return { named: true, places: [context] };
  const podman = environment['CONTAINER_HOST'];
  if (podman) return { named: true, places: [socketOf(podman, 'CONTAINER_HOST')] };
  const runtime = environment['XDG_RUNTIME_DIR'];
  const usual = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, 'podman', 'podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
  return { named: false, places: usual.map((socket) => ({ socket, from: 'the usual place' })) };
}

function socketOf(address: string, from: string): EnginePlace {
  const socket = /^unix:\/\/(\/.*)$/.exec(address)?.[1];
  if (!socket) {
    throw new Problem(
      'unavailable',
      `${from} names an engine that is not reached by a socket of this machine: ${withoutSecrets(address)}.`,
      'Choose one on this machine, for example with: docker context use default',
    );
  }
  return { socket, from };
}

const withoutSecrets = (address: string) => address.replace(/\/\/[^/@]*@/, '//');

async function chosenContext(environment: Environment, home: string): Promise<EnginePlace | null> {
  const folder = environment['DOCKER_CONFIG'] ?? join(home, '.docker');
  const configuration = await readJson(join(folder, 'config.json'));
  const name = environment['DOCKER_CONTEXT'] ?? text(configuration, 'currentContext');
  if (!name || name === 'default') return null;
  const id = createHash('sha256').update(name).digest('hex');
  const meta = await readJson(join(folder, 'contexts', 'meta', id, 'meta.json'));
  const host = text(field(field(meta, 'Endpoints'), 'docker'), 'Host');
  if (!host) {
    throw new Problem(
      'unavailable',
      `The Docker context “${name}” is chosen but not described.`,
      'docker context use default',
    );
  }
  return socketOf(host, `the Docker context “${name}”`);
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    // Docker too goes on without a configuration that is missing or unreadable.
    return null;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

function text(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
