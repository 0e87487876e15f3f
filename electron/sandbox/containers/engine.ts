import { once } from 'node:events';
import { connect } from 'node:net';
import type Docker from 'dockerode';
import { Problem } from '../../../shared/problem.ts';
import type { EnginePlace } from './engine-places.ts';

/** An engine that answered, and what it says of itself. */
export interface Engine {
  readonly name: 'Docker' | 'Podman';
  readonly version: string;
  readonly socket: string;
  readonly from: string;
  readonly api: Docker;
  /** Run by an ordinary user: its root is that user. */
  readonly rootless: boolean;
  readonly selinux: boolean;
  readonly cgroup: string;
  readonly architecture: string;
  /** Which limits it says that it can hold. */
  readonly holds: {
    readonly memory: boolean;
    readonly swap: boolean;
    readonly cpus: boolean;
    readonly processes: boolean;
  };
}

const waitMs = 5_000;

export async function connectEngine(place: EnginePlace): Promise<Engine> {
  await somebodyListens(place.socket);
  // It takes tens of megabytes: a machine without an engine need not have them.
  const { clientFor } = await import('./engine-client.ts');
  const asking = clientFor(place.socket, waitMs);
  const [version, info] = await Promise.all([asking.version(), asking.info() as Promise<EngineInfo>]);
  // Anything may listen at a path that somebody named.
  if (typeof version.Version !== 'string') throw new Error('what listens there is no container engine');
  const security = info.SecurityOptions ?? [];
  const says = (what: string) => security.some((option) => option.split(',').includes(`name=${what}`));
  const components = (version.Components ?? []) as { Name: string; Version: string }[];
  const podman = components.find(({ Name }) => Name === 'Podman Engine');
  return {
    name: podman ? 'Podman' : 'Docker',
    version: podman?.Version ?? version.Version,
    socket: place.socket,
    from: place.from,
    api: clientFor(place.socket),
    rootless: says('rootless'),
    selinux: says('selinux'),
    cgroup: info.CgroupVersion ?? '1',
    architecture: version.Arch,
    holds: {
      memory: info.MemoryLimit !== false,
      swap: info.SwapLimit !== false,
      cpus: info.CpuCfsQuota !== false,
      processes: info.PidsLimit !== false,
    },
  };
}

async function somebodyListens(path: string): Promise<void> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

/** The engine's answer to `info`, as far as it matters here; Podman leaves some of it out. */
interface EngineInfo {
  readonly SecurityOptions?: readonly string[] | null;
  readonly CgroupVersion?: string;
  readonly MemoryLimit?: boolean;
  readonly SwapLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
  readonly PidsLimit?: boolean;
}

/** What the engine answered with, where it was a refusal. */
export function statusOf(thrown: unknown): number | undefined {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** The engine's own words, without dockerode's frame around them. */
export function wordsOf(thrown: unknown): string {
  const told = (thrown as { json?: { message?: unknown } } | null)?.json?.message;
  if (typeof told === 'string') return told.trim();
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A failure of the engine as a problem that says what was being done. */
export function engineProblem(doing: string, thrown: unknown, mend?: string): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem('unavailable', `${doing}: ${wordsOf(thrown)}`, mend, { cause: thrown });
}
