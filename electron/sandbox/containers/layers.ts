import type { SandboxLayer } from '../../../shared/session.ts';
import type { HelperReady } from '../helper/helper.ts';
import type { MadeContainer } from './prepare.ts';

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

/** What holds a container in, as it was found after its start. */
export function layersOf({ plan, engine, image, user }: MadeContainer, ready: HelperReady): SandboxLayer[] {
  const { limits } = plan;
  const layer = (id: string, name: string, holds: SandboxLayer['holds'], detail: string) => ({
    id,
    name,
    holds,
    detail,
  });
  return [
    layer(
      'container',
      'Container',
      'engine',
      `${engine.name} ${engine.version}${engine.rootless ? ', rootless' : ''}: a read-only root${image.base ? ' of this machine’s own system' : ` from ${image.name}`}, no capabilities, no way to gain any${engine.selinux ? '; SELinux’s labels are off, because they would shut out the granted folders' : ''}`,
    ),
    layer(
      'account',
      'Account',
      'kernel',
      `uid ${user.uid}, gid ${user.gid}${user.namespace ? ', mapped' : ''}`,
    ),
    layer('landlock', 'Landlock', 'kernel', `version ${ready.landlock}; each command in a layer of its own`),
    layer('filter', 'System calls', 'kernel', 'Holdfast’s filter over the engine’s own'),
    layer(
      'network',
      'Network',
      'kernel',
      plan.egress
        ? 'none but by Holdfast’s proxy, host by host'
        : plan.loopback
          ? 'its own loopback'
          : 'none',
    ),
    layer('processes', 'Processes', 'kernel', `at most ${limits.processes}`),
    limits.memoryBytes === null
      ? layer('memory', 'Memory', 'no', 'no limit of its own')
      : layer(
          'memory',
          'Memory',
          'kernel',
          `at most ${megabytes(limits.memoryBytes)}${engine.holds.swap ? ', swap included' : '; swap is not counted here'}`,
        ),
    limits.cpus === null
      ? layer('cpus', 'Processors', 'no', 'no limit of its own')
      : layer('cpus', 'Processors', 'kernel', `at most ${limits.cpus}`),
    layer(
      'scratch',
      'Temporary space',
      'kernel',
      `at most ${megabytes(Math.min(limits.scratchBytes, limits.diskBytes ?? Infinity))} in memory, in fixed shares`,
    ),
    ...(plan.folders.some(({ mode }) => mode === 'review')
      ? [
          layer(
            'review',
            'Review',
            'kernel',
            'an overlay that the engine mounts; what is changed there is not bounded',
          ),
        ]
      : []),
  ];
}
