// A program of its own, so that it can be run as another user: prints what escaped from containers.
import { tmpdir } from 'node:os';
import { makeContainerExecutor } from '../container-executor.ts';
import { sandboxUid } from '../namespace-house.ts';
import { openSandboxHouse } from '../sandbox-house.ts';
import { makeEscapePlace } from './place.ts';
import { tryAll } from './try-all.ts';

const engine = { folder: tmpdir(), environment: { DOCKER_HOST: process.env['DOCKER_HOST'] ?? '' } };
const house = await openSandboxHouse(sandboxUid(), (data) =>
  Promise.resolve(makeContainerExecutor(engine, data)),
);
try {
  const place = await makeEscapePlace(house);
  try {
    process.stdout.write(JSON.stringify(await tryAll(house, place)));
  } finally {
    await house.clear();
    await place.close();
  }
} finally {
  await house.close();
}
