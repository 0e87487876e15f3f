import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enginePlaces } from './engine-places.ts';
import { findEngine } from './find-engine.ts';
import { lookAtEngine } from './look.ts';

let home: string;
const servers: Server[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'holdfast-engines-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  await rm(home, { recursive: true, force: true });
});

/** What an engine says of itself; only that is a stand-in here, containers are tried on real ones. */
async function engineThatSays(answers: Record<string, unknown>): Promise<string> {
  const socket = join(home, `engine-${servers.length}.sock`);
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Connection', 'close');
    response.end(JSON.stringify(answers[path] ?? { message: 'page not found' }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return socket;
}

const podman = {
  '/version': { Version: '5.4.2', Arch: 'amd64', Components: [{ Name: 'Podman Engine', Version: '5.4.2' }] },
  '/info': { SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'], CgroupVersion: '1' },
};

const context = async (name: string, host: string) => {
  const id = createHash('sha256').update(name).digest('hex');
  const folder = join(home, '.docker', 'contexts', 'meta', id);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
};

test('the variable, then the chosen context, then Podman’s variable, then the usual sockets', async () => {
  const usual = await enginePlaces({ XDG_RUNTIME_DIR: '/run/user/1' }, home);
  expect(usual.named).toBe(false);
  expect(usual.places.map(({ socket }) => socket)).toEqual([
    '/var/run/docker.sock',
    '/run/user/1/docker.sock',
    '/run/user/1/podman/podman.sock',
    '/run/podman/podman.sock',
  ]);
  const byPodman = { CONTAINER_HOST: 'unix:///podman.sock' };
  expect((await enginePlaces(byPodman, home)).places).toEqual([
    { socket: '/podman.sock', from: 'CONTAINER_HOST' },
  ]);
  await context('mine', 'unix:///mine.sock');
  await writeFile(join(home, '.docker', 'config.json'), JSON.stringify({ currentContext: 'mine' }));
  expect((await enginePlaces(byPodman, home)).places).toEqual([
    { socket: '/mine.sock', from: 'the Docker context “mine”' },
  ]);
  expect((await enginePlaces({ DOCKER_CONTEXT: 'default' }, home)).named).toBe(false);
  expect((await enginePlaces({ DOCKER_HOST: 'unix:///d.sock' }, home)).places).toEqual([
    { socket: '/d.sock', from: 'DOCKER_HOST' },
  ]);
});

test('an engine on another machine is refused, and no password of its address is told', async () => {
  const places = enginePlaces({ DOCKER_HOST: 'ssh://me:pass@there' }, home);
  await expect(places).rejects.toThrow(/ssh:\/\/there/);
  await expect(places).rejects.not.toThrow(/pass@/);
});

test('a context that is not described is said to be so', async () => {
  await expect(enginePlaces({ DOCKER_CONTEXT: 'gone' }, home)).rejects.toThrow(/“gone” is chosen/);
});

test('a socket that nobody listens on, and none at all, each have their mend', async () => {
  const dead = join(home, 'docker.sock');
  await writeFile(dead, '');
  await expect(findEngine({ DOCKER_HOST: `unix://${dead}` }, home)).rejects.toMatchObject({
    code: 'unavailable',
    mend: 'sudo systemctl start docker',
  });
  await expect(findEngine({ CONTAINER_HOST: `unix://${home}/podman.sock` }, home)).rejects.toMatchObject({
    mend: 'systemctl --user start podman.socket',
  });
});

test('an engine tells what it is, and what it would leave out', async () => {
  const socket = await engineThatSays(podman);
  const engine = await findEngine({ DOCKER_HOST: `unix://${socket}` }, home);
  expect(engine).toMatchObject({ name: 'Podman', version: '5.4.2', rootless: true, selinux: false });
  const [found, limits] = await lookAtEngine(() => Promise.resolve(engine));
  expect(found).toMatchObject({ state: 'ok', part: 'container' });
  expect(limits).toMatchObject({ state: 'missing', part: 'container' });
  expect(limits?.detail).toContain('memory, processors, processes');
  expect(limits?.mend).toContain('cgroup v2');
});

test('what answers like no engine is no engine', async () => {
  const socket = await engineThatSays({});
  const [finding] = await lookAtEngine(() => findEngine({ DOCKER_HOST: `unix://${socket}` }, home));
  expect(finding).toMatchObject({ state: 'missing', id: 'container.engine' });
});
