import type { ContainerCreateOptions } from 'dockerode';
import type { SandboxPlan } from '../sandbox.ts';
import { type Engine } from './engine.ts';
import { type Image } from './image.ts';
import { insidePlaces, ownProcesses } from './inside-places.ts';
import { labelsFor } from './labels.ts';
import { type ContainerMount, mountSettings, tmpfsSettings } from './mounts.ts';
import { sharedMemoryBytes } from './own-mounts.ts';
import type { InsideUser } from './inside-user.ts';

/** Everything that is asked of the engine, in one value: afterwards the same value is compared with what it made. */
export function containerOptions(
  plan: SandboxPlan,
  data: string,
  engine: Engine,
  image: Image,
  user: InsideUser,
  mounts: readonly ContainerMount[],
) {
  const { limits } = plan;
  return {
    Image: image.id,
    User: `${user.uid}:${user.gid}`,
    Entrypoint: [insidePlaces.helper],
    Cmd: ['serve', ...mounts.filter(({ at }) => at === insidePlaces.terminal).map(({ at }) => at)],
    WorkingDir: '/',
    // Podman asks whatever it removes to stop, and waits so long.
    StopTimeout: 0,
    Hostname: 'holdfast',
    Labels: labelsFor(data, plan.session),
    // An image's own check would run beside the helper, under less confinement.
    Healthcheck: { Test: ['NONE'] },
    Tty: false,
    OpenStdin: true,
    // The helper ends when its input does, and with it the container: also where this process is killed.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      Init: true,
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges', ...(engine.selinux ? ['label=disable'] : [])],
      NetworkMode: 'none',
      IpcMode: 'private',
      // What goes over the helper's streams includes the contents of files: no log of the engine may keep it.
      LogConfig: { Type: 'none', Config: {} },
      RestartPolicy: { Name: 'no' },
      PidsLimit: limits.processes + ownProcesses,
      ...(limits.memoryBytes === null ? {} : { Memory: limits.memoryBytes, MemorySwap: limits.memoryBytes }),
      ...(limits.cpus === null ? {} : { NanoCpus: Math.round(limits.cpus * 1e9) }),
      ShmSize: sharedMemoryBytes(plan),
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: 4096, Hard: 4096 },
        // Podman asks for more than it may where it is not told; processes are limited by `PidsLimit`.
        { Name: 'nproc', Soft: 32_768, Hard: 32_768 },
      ],
      Mounts: mountSettings(mounts, engine),
      Tmpfs: tmpfsSettings(mounts),
      ...(user.namespace ? { UsernsMode: user.namespace } : {}),
    },
  } satisfies ContainerCreateOptions;
}

export type AskedContainer = ReturnType<typeof containerOptions>;
