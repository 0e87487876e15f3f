import { execFile } from 'node:child_process';
import { readdir, readFile, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { makeContainerExecutor, openContainerHouse } from '../testing/container-executor.ts';
import { ran, type SandboxHouse, shell, until } from '../testing/sandbox-house.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../testing/throw-away-engine.ts';
import { clientFor } from './engine-client.ts';
import { labelsFor, ownerOf } from './labels.ts';

const why = withoutEngine('dockerd');
const run = promisify(execFile);

describe.skipIf(why !== null)(
  `containers and their life${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let docker: ThrowAwayEngine;
    let house: SandboxHouse;
    beforeAll(async () => {
      docker = await startDocker();
      house = await openContainerHouse(docker);
    });
    afterEach(() => house.clear());
    afterAll(async () => {
      await house.close();
      await docker.stop();
    });
    const data = () => join(house.folder, 'data');
    const api = () => clientFor(docker.socket);
    const containers = async () => (await api().listContainers({ all: true })).map(({ Id }) => Id);
    const volumes = async () => ((await api().listVolumes()).Volumes ?? []).map(({ Name }) => Name);

    test('whether the base image is there is told', async () => {
      const told = async () =>
        (await house.executor.look()).map(({ id, state, detail }) => `${id} ${state}: ${detail}`).join('\n');
      expect(await told()).toMatch(/container.image ok: is made of this machine’s own system when/);
      await (await house.start()).teardown();
      expect(await told()).toMatch(/container.image ok: localhost\/holdfast\/base:\w+ is there/);
    });

    test('a secret is nowhere but in the file: not in inspect, not in any process, not on the engine’s disk', async () => {
      const value = 'sEcReT-vAlUe-91731';
      const sandbox = await house.start({ secrets: { token: Buffer.from(value) } });
      const [id = ''] = await containers();
      const command = await sandbox.exec({
        argv: ['/bin/sh', '-c', 'cat /run/secrets/token >/dev/null; echo ready; sleep 60'],
      });
      for await (const _ of command.output) break;
      const container = api().getContainer(id);
      expect(JSON.stringify(await container.inspect())).not.toContain(value);
      await expect(container.logs({ stdout: true, stderr: true })).rejects.toThrow(/logging driver/);
      const found: string[] = [];
      for (const pid of (await readdir('/proc')).filter(
        (name) => /^\d+$/.test(name) && name !== String(process.pid),
      )) {
        for (const name of ['cmdline', 'environ']) {
          const bytes = await readFile(`/proc/${pid}/${name}`).catch(() => Buffer.alloc(0));
          found.push(...(bytes.includes(value) ? [`${pid} ${name}`] : []));
        }
      }
      expect(found).toEqual([]);
      const { stdout } = await run('grep', ['-rlF', value, docker.folder, data()]).catch(
        (failure: { stdout: string }) => failure,
      );
      expect(stdout).toBe('');
      command.cancel();
      await command.ended;
    });

    test('a folder that was swapped for a link before its container started is refused, and nothing stays', async () => {
      const granted = await house.newFolder();
      const secret = await house.newFolder();
      await house.put(join(secret, 'file'), 'secret');
      const plan = await house.plan({ folders: [{ path: granted, mode: 'ro' }] });
      const prepared = await house.executor.prepare(plan, new AbortController().signal);
      await rename(granted, `${granted}-before`);
      await symlink(secret, granted);
      await expect(prepared.start()).rejects.toMatchObject({ code: 'conflict' });
      expect(await containers()).toEqual([]);
    });

    test('the same with a folder under review', async () => {
      const granted = await house.newFolder();
      await house.put(join(granted, 'mine'), 'mine');
      const secret = await house.newFolder();
      await house.put(join(secret, 'file'), 'secret');
      const plan = await house.plan({ folders: [{ path: granted, mode: 'review' }] });
      const prepared = await house.executor.prepare(plan, new AbortController().signal);
      await rename(granted, `${granted}-before`);
      await symlink(secret, granted);
      await expect(prepared.start()).rejects.toMatchObject({ code: 'conflict' });
      expect([await containers(), await volumes()]).toEqual([[], []]);
    });

    test('after a life that was killed, its own are removed and nobody else’s', async () => {
      const folder = await house.newFolder();
      await house.start({ folders: [{ path: folder, mode: 'review' }] });
      const [mine = ''] = await containers();
      const { Image } = await api().getContainer(mine).inspect();
      const owner = ownerOf(data());
      const nearly = [
        {},
        { 'app.holdfast.owner': `${owner}0` },
        { 'app.holdfast.owner': owner.slice(0, -1) },
        { 'app.holdfast.owner': ownerOf(`${data()}/`) },
        { 'APP.HOLDFAST.OWNER': owner },
        { 'app.holdfast.session': 'ses_01', owner },
      ];
      const foreign = await Promise.all(
        nearly.map(async (Labels) => (await api().createContainer({ Image, Cmd: ['/x'], Labels })).id),
      );
      await api().createVolume({ Name: 'foreign', Labels: { 'app.holdfast.owner': `${owner}0` } });
      await api().createContainer({
        Image,
        Cmd: ['/x'],
        Labels: labelsFor(data(), 'ses_never'),
      });
      expect((await house.executor.reconcile()).removed).toEqual(['the container of ses_never']);
      await api().createContainer({ Image, Cmd: ['/x'], Labels: labelsFor(data(), 'ses_never') });
      const next = makeContainerExecutor(docker, data());
      const { removed } = await next.reconcile();
      // Two containers, an overlay, and the scratch of the one that ran.
      expect(removed).toHaveLength(4);
      expect((await containers()).toSorted()).toEqual(foreign.toSorted());
      expect(await volumes()).toEqual(['foreign']);
      expect(removed.join('\n')).toContain('ses_never');
      expect((await next.reconcile()).removed).toEqual([]);
      await Promise.all(foreign.map((id) => api().getContainer(id).remove()));
      await api().getVolume('foreign').remove();
    });

    test('where no engine answers there is nothing to remove', async () => {
      const nowhere = {
        folder: docker.folder,
        environment: { DOCKER_HOST: `unix://${docker.folder}/none.sock` },
      };
      expect(await makeContainerExecutor(nowhere, data()).reconcile()).toEqual({ removed: [] });
    });

    test('a container whose streams break off ends by itself', async () => {
      const sandbox = await house.start();
      const [id = ''] = await containers();
      await api().getContainer(id).kill();
      const end = await sandbox.ended;
      expect(end.how).toBe('ended');
      await expect(sandbox.exec({ argv: ['true'] })).rejects.toMatchObject({ name: 'Problem' });
    });

    test('one session after another leaves nothing', async () => {
      const folder = await house.newFolder();
      const descriptors = async () => (await readdir('/proc/self/fd')).length;
      const once = async () => {
        const sandbox = await house.start({
          folders: [{ path: folder, mode: 'rw' }],
          terminal: { columns: 80, rows: 24 },
        });
        expect((await shell(sandbox, 'echo well')).out).toBe('well\n');
        await house.clear();
      };
      const before = await descriptors();
      for (let each = 0; each < count(4, 500); each++) await once();
      // Idle connections to the engine are closed after some seconds.
      await until(async () => (await descriptors()) <= before);
      expect([await containers(), await volumes()]).toEqual([[], []]);
      expect(await readdir(join(data(), 'sandboxes'))).toEqual([]);
    });

    test('many at once leave nothing either', async () => {
      const many = await Promise.all(Array.from({ length: count(6, 50) }, () => house.start()));
      const said = await Promise.all(many.map((sandbox, at) => ran(sandbox, ['echo', String(at)])));
      expect(said.map(({ out }) => out)).toEqual(many.map((_, at) => `${at}\n`));
      await Promise.all(many.map((sandbox) => sandbox.teardown()));
      expect([await containers(), await volumes()]).toEqual([[], []]);
    });

    test('an image of the person’s own is used as it is, and none that is not there is invented', async () => {
      const images = await api().listImages();
      await api()
        .getImage(images.map(({ Id }) => Id).join())
        .tag({ repo: 'localhost/mine', tag: '1' });
      const sandbox = await house.start({ image: 'localhost/mine:1' });
      // It has no program at all; only the helper works there.
      expect((await ran(sandbox, ['sh'])).end).toMatchObject({ how: 'not_started', code: 127 });
      expect((await sandbox.files.list('/')).entries.map(({ name }) => name.toString())).toContain('usr');
      await expect(
        house.start({ image: '127.0.0.1:9/none@sha256:'.concat('0'.repeat(64)) }),
      ).rejects.toMatchObject({
        code: 'unavailable',
      });
    });
  },
);
