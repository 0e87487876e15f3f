import type { ContainerInspectInfo } from 'dockerode';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../base/ids.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import { findSystemPlaces } from '../bubblewrap/system-places.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../testing/throw-away-engine.ts';
import { baseImageFor } from './base-image.ts';
import { refuseDifferences } from './compare.ts';
import { type AskedContainer, containerOptions } from './container-options.ts';
import type { Engine } from './engine.ts';
import { findEngine } from './find-engine.ts';
import { ensureImage } from './image.ts';

const why = withoutEngine('dockerd');

type Changed = (made: ContainerInspectInfo & Record<string, Record<string, unknown>>) => void;

describe.skipIf(why !== null)(`what an engine made${why === null ? '' : `, not tried here: ${why}`}`, () => {
  let docker: ThrowAwayEngine;
  let engine: Engine;
  let asked: AskedContainer;
  let made: ContainerInspectInfo;
  let folder: string;

  beforeAll(async () => {
    docker = await startDocker();
    folder = await mkdtemp(join(tmpdir(), 'holdfast-compare-'));
    await writeFile(join(folder, 'file'), '');
    engine = await findEngine(docker.environment, docker.folder);
    const base = baseImageFor(await findSystemPlaces());
    const image = await ensureImage(engine, null, base, () => undefined, new AbortController().signal);
    const plan = {
      session: newId('session', new Date()),
      folders: [],
      egress: null,
      loopback: false,
      unixSockets: false,
      limits: sandboxLimitsSchema.parse({ memoryBytes: 64 << 20, cpus: 0.5 }),
      image: null,
      terminal: null,
      environment: {},
      secrets: {},
      masked: [],
      scratch: folder,
      kept: folder,
    };
    const user = { uid: 65_534, gid: 65_534, namespace: null, outsideUid: 65_534 };
    asked = containerOptions(plan, folder, engine, image, user, [
      { what: 'bind', from: folder, at: '/mnt/read', writable: false, thing: null },
      { what: 'tmpfs', at: '/tmp', bytes: 1 << 20, mode: 0o1777, writable: true },
    ]);
    made = await (await engine.api.createContainer(asked)).inspect();
  });
  afterAll(async () => {
    await docker.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('is taken where it is what was asked for', () => {
    expect(() => refuseDifferences(asked, made, engine)).not.toThrow();
  });

  const changes: [string, RegExp, Changed][] = [
    ['memory', /limit of memory is ignored/, ({ HostConfig }) => (HostConfig.Memory = 0)],
    ['swap', /memory with swap/, ({ HostConfig }) => (HostConfig.MemorySwap = 1 << 30)],
    ['processors', /processors is ignored/, ({ HostConfig }) => (HostConfig.NanoCpus = 0)],
    ['processes', /processes is ignored/, ({ HostConfig }) => (HostConfig.PidsLimit = 0)],
    ['its root', /root can be written/, ({ HostConfig }) => (HostConfig.ReadonlyRootfs = false)],
    ['its network', /has a network/, ({ HostConfig }) => (HostConfig.NetworkMode = 'bridge')],
    ['its init', /has no init/, ({ HostConfig }) => (HostConfig.Init = false)],
    ['its privileges', /may gain privileges/, ({ HostConfig }) => (HostConfig.SecurityOpt = [])],
    ['its capabilities', /has capabilities/, ({ HostConfig }) => (HostConfig.CapAdd = ['SYS_ADMIN'])],
    [
      'its log',
      /streams are logged/,
      ({ HostConfig }) => (HostConfig.LogConfig = { Type: 'json-file', Config: {} }),
    ],
    ['its account', /another account/, ({ Config }) => (Config.User = '')],
    ['its labels', /does not bear its labels/, ({ Config }) => (Config.Labels = {})],
    ['a size', /size of \/tmp/, ({ HostConfig }) => (HostConfig.Tmpfs = { '/tmp': 'rw' })],
    ['a writable mount', /\/mnt\/read can be written/, ({ Mounts }) => (Mounts[0]!.RW = true)],
    ['a mount of something else', /something else stands/, ({ Mounts }) => (Mounts[0]!.Source = '/etc')],
    ['a missing mount', /nothing stands at \/mnt\/read/, ({ Mounts }) => Mounts.pop()],
    [
      'a mount more',
      /something unasked stands at \/more/,
      ({ Mounts }) => Mounts.push({ ...Mounts[0]!, Destination: '/more' }),
    ],
  ];
  test.each(changes)('is refused where it differs: %s', (_, words, change) => {
    const other = structuredClone(made);
    change(other as Parameters<Changed>[0]);
    expect(() => refuseDifferences(asked, other, engine)).toThrow(words);
  });
});
