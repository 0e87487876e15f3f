import { afterAll, beforeAll, describe } from 'vitest';
import { conforms } from './testing/conformance.ts';
import { makeContainerExecutor, nobody } from './testing/container-executor.ts';
import { startPodman, type ThrowAwayEngine, withoutEngine } from './testing/throw-away-engine.ts';

const why = withoutEngine('podman');

describe.skipIf(why !== null)(`Podman${why === null ? '' : `, not tried here: ${why}`}`, () => {
  let podman: ThrowAwayEngine;
  beforeAll(async () => {
    podman = await startPodman();
  });
  afterAll(() => podman.stop());

  conforms(
    'Podman',
    () => nobody,
    { memory: true },
    (data) => Promise.resolve(makeContainerExecutor(podman, data)),
  );
});
