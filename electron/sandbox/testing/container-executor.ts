import { tmpdir } from 'node:os';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { type ContainerNeeds, createContainerExecutor } from '../container-executor.ts';
import type { Executor } from '../sandbox.ts';
import { testEgress } from './conformance/subject.ts';
import { openSandboxHouse, type SandboxHouse } from './sandbox-house.ts';
import type { ThrowAwayEngine } from './throw-away-engine.ts';

/** Under whom root's sandboxes run where nothing else is set. */
export const nobody = 65_534;

type EnginePlace = Pick<ThrowAwayEngine, 'environment' | 'folder'>;

/** The engine that a program of its own was told of. */
export const givenEngine = (): EnginePlace => ({
  folder: tmpdir(),
  environment: { DOCKER_HOST: process.env['DOCKER_HOST'] ?? '' },
});

export function makeContainerExecutor(
  engine: EnginePlace,
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

export function openContainerHouse(engine: EnginePlace, uid: number = nobody): Promise<SandboxHouse> {
  return openSandboxHouse(uid, (data) => Promise.resolve(makeContainerExecutor(engine, data)));
}
