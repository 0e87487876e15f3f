import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { type ContainerNeeds, createContainerExecutor } from '../container-executor.ts';
import type { Executor } from '../sandbox.ts';
import { testEgress } from './conformance/subject.ts';
import type { ThrowAwayEngine } from './throw-away-engine.ts';

/** Under whom root's sandboxes run where nothing else is set. */
export const nobody = 65_534;

export function makeContainerExecutor(
  engine: Pick<ThrowAwayEngine, 'environment' | 'folder'>,
  data: string,
  more: Partial<ContainerNeeds> = {},
): Executor {
  return createContainerExecutor({
    log: silentLog(),
    clock: systemClock,
    data,
    environment: engine.environment,
    home: engine.folder,
    uid: () => null,
    openEgress: testEgress,
    ...more,
  });
}
