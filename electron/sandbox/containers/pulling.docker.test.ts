import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openContainerHouse } from '../testing/container-executor.ts';
import type { SandboxHouse } from '../testing/sandbox-house.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../testing/throw-away-engine.ts';

const why = withoutEngine('dockerd');
const live = new AbortController().signal;
const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

interface Blob {
  readonly type: string;
  readonly bytes: Buffer;
}

/** An image with one file that no program can make smaller. */
async function madeImage(): Promise<{ manifest: string; blobs: Map<string, Blob>; layer: string }> {
  const tar = pack();
  tar.entry({ name: 'from-the-registry' }, randomBytes(8 << 20));
  tar.finalize();
  const layer = await buffer(tar);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    }),
  );
  const blobs = new Map<string, Blob>();
  const put = (type: string, bytes: Buffer) => {
    blobs.set(digestOf(bytes), { type, bytes });
    return { mediaType: type, size: bytes.length, digest: digestOf(bytes) };
  };
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType: type,
    config: put('application/vnd.oci.image.config.v1+json', config),
    layers: [put('application/vnd.oci.image.layer.v1.tar', layer)],
  };
  const { digest } = put(type, Buffer.from(JSON.stringify(manifest)));
  return { manifest: digest, blobs, layer: digestOf(layer) };
}

describe.skipIf(why !== null)(
  `images from a registry${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let docker: ThrowAwayEngine;
    let house: SandboxHouse;
    let registry: Server;
    let image: Awaited<ReturnType<typeof madeImage>>;
    /** The rest of a layer is sent when its half has been told. */
    const halfTold = Promise.withResolvers<void>();

    const answer = async (path: string, response: ServerResponse) => {
      if (path === '/v2/') return void response.end('{}');
      const blob = image.blobs.get(path.split('/').at(-1) ?? '');
      if (!blob) return void response.writeHead(404).end('{}');
      const { type, bytes } = blob;
      const headers = { 'Content-Type': type, 'Content-Length': bytes.length };
      response.writeHead(200, { ...headers, 'Docker-Content-Digest': digestOf(bytes) });
      if (!path.endsWith(`blobs/${image.layer}`)) return void response.end(bytes);
      response.write(bytes.subarray(0, bytes.length / 2));
      await halfTold.promise;
      response.end(bytes.subarray(bytes.length / 2));
    };

    beforeAll(async () => {
      image = await madeImage();
      registry = createServer((asked, response) => void answer(asked.url ?? '', response));
      await once(registry.listen(0, '127.0.0.1'), 'listening');
      docker = await startDocker();
      house = await openContainerHouse(docker);
    });
    afterEach(() => house.clear());
    afterAll(async () => {
      await house.close();
      await docker.stop();
      registry.closeAllConnections();
      await new Promise((resolve) => registry.close(resolve));
    });
    const named = (digest: string) =>
      `127.0.0.1:${(registry.address() as AddressInfo).port}/mine/image@${digest}`;

    test('one is fetched by its digest, and how far that has come is told', async () => {
      const words: string[] = [];
      const told = (each: string) => {
        words.push(each);
        if (/: [1-9]\d? %$/.test(each)) halfTold.resolve();
      };
      const name = named(image.manifest);
      const prepared = await house.executor.prepare(await house.plan({ image: name }), live, told);
      const sandbox = await prepared.start();
      try {
        const { entries } = await sandbox.files.list('/');
        expect(entries.map((entry) => entry.name.toString())).toContain('from-the-registry');
        expect(words[0]).toBe(`fetching the image ${name}`);
        expect(words.every((each) => each.startsWith(`fetching the image ${name}`))).toBe(true);
        expect(new Set(words).size).toBe(words.length);
      } finally {
        await sandbox.teardown();
      }
      // It is there now: nothing has to be fetched, nor told.
      const again: string[] = [];
      const next = await house.executor.prepare(
        await house.plan({ image: name }),
        live,
        (each) => void again.push(each),
      );
      await next.teardown();
      expect(again).toEqual([]);
    });

    test('one that the registry does not have is a refusal with the mend', async () => {
      const refused = house.start({ image: named(`sha256:${'0'.repeat(64)}`) });
      const mend = expect.stringMatching(/docker load/) as string;
      await expect(refused).rejects.toMatchObject({ code: 'unavailable', mend });
    });
  },
);
