import type { SandboxLayer } from '../../../shared/session.ts';
import type { HelperReady } from '../helper/helper.ts';
import { inWords } from '../reviewing/ways.ts';
import { needsDiskWatch } from './watching.ts';
import type { MadeContainer } from './prepare.ts';

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

const ownSockets = (hidden: number) =>
  `its own; ${hidden} in its folders are hidden, but not one that others make there later`;

function protectedWords({ masks, repositories }: MadeContainer['planned']): string {
  const many = repositories === 1 ? 'one repository' : `${repositories} repositories`;
  const parts = [
    ...(masks > 0 ? ['Holdfast’s own places are hidden'] : []),
    ...(repositories > 0 ? [`hooks and configuration of ${many} are read-only`] : []),
  ];
  return parts.join('; ');
}

/** What holds a container in, as it was found after its start. */
export function layersOf(made: MadeContainer, ready: HelperReady): SandboxLayer[] {
  const { plan, planned, engine, image, user, review } = made;
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
    ...review.kept.map(({ path, way }) => layer('review', 'Under review', 'kernel', inWords[way](path))),
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
    layer('unix-sockets', 'Unix sockets', 'kernel', plan.unixSockets ? ownSockets(planned.sockets) : 'none'),
    ...(planned.masks + planned.repositories > 0
      ? [layer('protected', 'Protected places', 'kernel', protectedWords(planned))]
      : []),
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
    ...(needsDiskWatch(made)
      ? [
          layer(
            'disk',
            'Disk',
            'watchdog',
            `ended when it has written ${megabytes(limits.diskBytes ?? 0)} of temporary space and folders under review`,
          ),
        ]
      : []),
  ];
}
