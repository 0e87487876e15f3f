import type { SandboxLayer } from '../../../shared/session.ts';
import type { HelperReady } from '../helper/helper.ts';
import {
  landlockLayer,
  layer,
  mebibytes,
  networkLayer,
  processesLayer,
  protectedLayers,
  scratchLayer,
  socketsLayer,
  unlimited,
  watchedDiskLayer,
} from '../inside/layers.ts';
import { inWords, readInWords } from '../reviewing/ways.ts';
import type { MadeContainer } from './prepare.ts';
import { needsDiskWatch } from './watching.ts';

/** What holds a container in, as it was found after its start. */
export function layersOf(made: MadeContainer, ready: HelperReady): SandboxLayer[] {
  const { plan, planned, engine, image, user, review } = made;
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
    landlockLayer(ready.landlock),
    layer('filter', 'System calls', 'kernel', 'Holdfast’s filter over the engine’s own'),
    ...review.kept.map(({ path, way }) => layer('review', 'Under review', 'kernel', inWords[way](path))),
    ...review.read.map(({ path }) => layer('review', 'Under review', 'kernel', readInWords(path))),
    networkLayer(plan),
    socketsLayer(plan, planned.sockets),
    ...protectedLayers(planned.masks, planned.repositories),
    processesLayer(plan),
    ...totals(made),
  ];
}

function totals(made: MadeContainer): SandboxLayer[] {
  const { memoryBytes, cpus, scratchBytes, diskBytes } = made.plan.limits;
  const swap = made.engine.holds.swap ? ', swap included' : '; swap is not counted here';
  return [
    memoryBytes === null
      ? unlimited('memory', 'Memory')
      : layer('memory', 'Memory', 'kernel', `at most ${mebibytes(memoryBytes)}${swap}`),
    cpus === null
      ? unlimited('cpus', 'Processors')
      : layer('cpus', 'Processors', 'kernel', `at most ${cpus}`),
    scratchLayer(Math.min(scratchBytes, diskBytes ?? Infinity)),
    ...(diskBytes !== null && needsDiskWatch(made) ? [watchedDiskLayer(diskBytes)] : []),
  ];
}
