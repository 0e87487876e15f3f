import type { SandboxLayer } from '../../../shared/session.ts';
import { inWords } from '../reviewing/ways.ts';
import type { SandboxPlan } from '../sandbox.ts';
import type { Prepared } from './prepare.ts';

const layer = (id: string, name: string, holds: SandboxLayer['holds'], detail: string): SandboxLayer => ({
  id,
  name,
  holds,
  detail,
});

/** What holds this sandbox in, said no better than it is. */
export function layersOf(prepared: Prepared, landlock: number): SandboxLayer[] {
  const { plan, machine, account, drop } = prepared;
  return [
    layer(
      'namespaces',
      'Namespaces',
      'kernel',
      `bubblewrap ${machine.bubblewrap.version}: its own files, processes, users, network and names; the system read-only`,
    ),
    layer('account', 'Account', 'kernel', `uid ${account.uid}${drop ? '' : ', your own'}, no privileges`),
    layer(
      'landlock',
      'Landlock',
      'kernel',
      `version ${landlock}; each command in a layer of its own${landlock < 3 ? ', though with no less than the session has' : ''}`,
    ),
    layer('filter', 'System calls', 'kernel', 'a filter refuses those that ordinary programs do not need'),
    ...protectedPlaces(prepared),
    ...prepared.reviewed.map(({ path, way }) =>
      layer('review', 'Under review', 'kernel', inWords[way](path)),
    ),
    network(plan),
    sockets(prepared),
    layer('processes', 'Processes', 'kernel', `at most ${plan.limits.processes}`),
    ...totals(prepared),
  ];
}

function protectedPlaces({ grants: { masks, repositories } }: Prepared): SandboxLayer[] {
  const many = repositories === 1 ? 'one repository' : `${repositories} repositories`;
  const parts = [
    ...(masks.length > 0 ? ['Holdfast’s own places are hidden'] : []),
    ...(repositories > 0 ? [`hooks and configuration of ${many} are read-only`] : []),
  ];
  return parts.length === 0 ? [] : [layer('protected', 'Protected places', 'kernel', parts.join('; '))];
}

function network({ egress, loopback }: SandboxPlan): SandboxLayer {
  const detail = egress
    ? 'none but by Holdfast’s proxy, host by host'
    : loopback
      ? 'its own loopback'
      : 'none';
  return layer('network', 'Network', 'kernel', detail);
}

function sockets({ plan, hiddenSockets }: Prepared): SandboxLayer {
  const own =
    plan.folders.length === 0
      ? 'its own'
      : `its own; ${hiddenSockets} in its folders are hidden, but not one that others make there later`;
  const detail = plan.unixSockets ? own : 'none';
  return layer('unix-sockets', 'Unix sockets', 'kernel', detail);
}

const size = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

function totals({ plan, held }: Prepared): SandboxLayer[] {
  const { memoryBytes, diskBytes } = plan.limits;
  return [
    memoryBytes === null
      ? layer('memory', 'Memory', 'no', 'no limit of its own')
      : layer('memory', 'Memory', 'watchdog', `ended when it has ${size(memoryBytes)}`),
    layer('cpus', 'Processors', 'no', 'no limit of its own'),
    layer(
      'scratch',
      'Temporary space',
      'kernel',
      `at most ${size(held.scratchBytes)} in memory, in fixed shares`,
    ),
    ...(diskBytes === null || held.disk !== 'watchdog'
      ? []
      : [
          layer(
            'disk',
            'Disk',
            'watchdog',
            `ended when it has written ${size(diskBytes)} of temporary space and folders under review`,
          ),
        ]),
  ];
}
