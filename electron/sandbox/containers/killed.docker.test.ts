import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { makeContainerExecutor } from '../testing/container-executor.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../testing/throw-away-engine.ts';
import { until } from '../testing/sandbox-house.ts';
import { clientFor } from './engine-client.ts';

const why = withoutEngine('dockerd');
const run = promisify(execFile);
const testing = join(import.meta.dirname, '..', 'testing');

describe.skipIf(why !== null)(
  `a container’s supervisor${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let docker: ThrowAwayEngine;
    let data: string;
    beforeAll(async () => {
      docker = await startDocker();
      data = await mkdtemp(join(tmpdir(), 'holdfast-killed-'));
    });
    afterAll(async () => {
      await rm(data, { recursive: true, force: true });
      await docker.stop();
    });
    const api = () => clientFor(docker.socket);
    const running = async () => (await api().listContainers()).length;

    /** Starts the supervisor and kills it so many milliseconds after it began to prepare; null: once its command runs. */
    async function killedAfter(milliseconds: number | null): Promise<void> {
      const env = { PATH: process.env['PATH'] ?? '', ...docker.environment };
      const child = spawn(process.execPath, [join(testing, 'hold-container.ts'), data], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const said = String((await lines.next()).value);
      await (milliseconds === null ? lines.next() : wait(milliseconds));
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      await rm(said.slice('preparing '.length), { recursive: true, force: true });
    }

    test('when it is killed its container ends by itself, and the next life removes what is left', async () => {
      await killedAfter(null);
      await until(async () => (await running()) === 0);
      const { removed } = await makeContainerExecutor(docker, data).reconcile();
      expect(removed.map((each) => each.split(' of ')[0])).toEqual(['the container', 'the overlay']);
      expect(await api().listContainers({ all: true })).toEqual([]);
      expect((await api().listVolumes()).Volumes ?? []).toEqual([]);
    });

    test('whenever it is killed, the next life leaves nothing', { timeout: 600_000 }, async () => {
      const times = count(3, 200);
      for (let each = 0; each < times; each++) {
        await killedAfter(Math.floor((each / times) * 600));
        const executor = makeContainerExecutor(docker, data);
        // What the engine was asked for last may be made only now.
        await until(async () => {
          await executor.reconcile();
          const left = await api().listContainers({ all: true });
          return left.length === 0 && ((await api().listVolumes()).Volumes ?? []).length === 0;
        });
      }
      expect(await api().listContainers({ all: true })).toEqual([]);
    });

    test(
      'nothing gets out of an ordinary user’s container either',
      { timeout: 120_000 },
      async ({ skip }) => {
        const program = join(testing, 'escapes', 'try-in-containers.ts');
        const ordinary = { uid: 1001, gid: 1001 };
        const reached = run('test', ['-r', program, '-a', '-x', process.execPath], ordinary);
        const cannot = await reached.then(
          () => false,
          () => true,
        );
        skip(cannot, 'an ordinary user cannot reach the folder of this program');
        // As the group of the socket would let that user.
        await Promise.all([chmod(docker.folder, 0o755), chmod(docker.socket, 0o666)]);
        const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...docker.environment };
        const { stdout } = await run(process.execPath, [program], { env, timeout: 110_000, ...ordinary });
        const { tried, escaped } = JSON.parse(stdout) as { tried: number; escaped: unknown[] };
        expect(escaped).toEqual([]);
        expect(tried).toBeGreaterThan(70);
      },
    );
  },
);
