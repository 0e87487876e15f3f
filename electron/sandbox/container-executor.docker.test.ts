import { afterAll, beforeAll, describe } from 'vitest';
import { conforms } from './testing/conformance.ts';
import { makeContainerExecutor, nobody } from './testing/container-executor.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from './testing/throw-away-engine.ts';

const why = withoutEngine('dockerd');

describe.skipIf(why !== null)(`Docker${why === null ? '' : `, not tried here: ${why}`}`, () => {
  let docker: ThrowAwayEngine;
  beforeAll(async () => {
    docker = await startDocker();
  });
  afterAll(() => docker.stop());

  conforms(
    'Docker',
    () => nobody,
    { memory: true },
    (data) => Promise.resolve(makeContainerExecutor(docker, data)),
  );
});
