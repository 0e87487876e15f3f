import type { SandboxLayer } from '../../../shared/session.ts';
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
import type { Prepared } from './prepare.ts';

/** What holds this sandbox in, said no better than it is. */
export function layersOf(prepared: Prepared, landlock: number): SandboxLayer[] {
  const { plan, machine, account, drop, grants, hiddenSockets } = prepared;
  return [
    layer(
      'namespaces',
      'Namespaces',
      'kernel',
      `bubblewrap ${machine.bubblewrap.version}: its own files, processes, users, network and names; the system read-only`,
    ),
    layer('account', 'Account', 'kernel', `uid ${account.uid}${drop ? '' : ', your own'}, no privileges`),
    landlockLayer(landlock),
    layer('filter', 'System calls', 'kernel', 'a filter refuses those that ordinary programs do not need'),
    ...protectedLayers(grants.masks.length, grants.repositories),
    ...prepared.reviewed.map(({ path, way, version }) =>
      layer('review', 'Under review', 'kernel', version === null ? readInWords(path) : inWords[way](path)),
    ),
    networkLayer(plan),
    socketsLayer(plan, hiddenSockets),
    processesLayer(plan),
    ...totals(prepared),
  ];
}

function totals({ plan, held }: Prepared): SandboxLayer[] {
  const { memoryBytes, diskBytes } = plan.limits;
  return [
    memoryBytes === null
      ? unlimited('memory', 'Memory')
      : layer('memory', 'Memory', 'watchdog', `ended when it has ${mebibytes(memoryBytes)}`),
    unlimited('cpus', 'Processors'),
    scratchLayer(held.scratchBytes),
    ...(diskBytes === null || held.disk !== 'watchdog' ? [] : [watchedDiskLayer(diskBytes)]),
  ];
}
