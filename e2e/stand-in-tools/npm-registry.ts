import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

export interface TinyPackage {
  readonly name: string;
  readonly version: string;
  readonly program: string;
  /** In JavaScript. */
  readonly text: string;
  readonly postinstall?: string;
  /** Without it nothing is told; whoever shows another is told which. */
  readonly token?: string;
}

export interface NpmRegistry {
  readonly url: string;
  /** From now on there is this one instead. */
  publish(tiny: TinyPackage): Promise<void>;
  close(): void;
}

interface Published {
  readonly tiny: TinyPackage;
  readonly described: { readonly name: string; readonly version: string };
  readonly packed: Buffer;
}

/** A registry of npm's kind with one package in it, on this machine's loopback; it says that it is called so. */
export async function startNpmRegistry(first: TinyPackage, host = '127.0.0.1'): Promise<NpmRegistry> {
  let published = await packedOf(first);
  let url = '';
  const server = createServer(({ url: asked = '', headers }, response) => {
    const { tiny, described, packed } = published;
    const { name, version, token } = tiny;
    const path = decodeURIComponent(asked);
    if (token !== undefined && headers.authorization !== `Bearer ${token}`) {
      response.statusCode = 403;
      response.end(JSON.stringify({ error: `Nobody has the token ${headers.authorization}.` }));
    } else if (path === `/${name}`) {
      const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
      const dist = { tarball: `${url}${name}/-/package-${version}.tgz`, integrity };
      const known = {
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...described, dist } },
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(known));
    } else if (path === `/${name}/-/package-${version}.tgz`) {
      response.end(packed);
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://${host}:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    async publish(tiny) {
      published = await packedOf(tiny);
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function packedOf(tiny: TinyPackage): Promise<Published> {
  const { name, version, program, text, postinstall } = tiny;
  const described = {
    name,
    version,
    bin: { [program]: 'run.js' },
    ...(postinstall === undefined ? {} : { scripts: { postinstall } }),
  };
  const tar = pack();
  tar.entry({ name: 'package/package.json' }, JSON.stringify(described));
  tar.entry({ name: 'package/run.js', mode: 0o755 }, `#!/usr/bin/env node\n${text}\n`);
  tar.finalize();
  return { tiny, described, packed: gzipSync(await buffer(tar)) };
}
