import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { onTestFinished } from 'vitest';

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

/** A registry of npm's kind with one package in it, on this machine's loopback. Every name leads there in tests. */
export async function npmRegistry({
  name,
  version,
  program,
  text,
  postinstall,
  token,
}: TinyPackage): Promise<string> {
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
  const packed = gzipSync(await buffer(tar));
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
  let url = '';
  const server = createServer(({ url: asked = '', headers }, response) => {
    const path = decodeURIComponent(asked);
    if (token !== undefined && headers.authorization !== `Bearer ${token}`) {
      response.statusCode = 403;
      response.end(JSON.stringify({ error: `Nobody has the token ${headers.authorization}.` }));
    } else if (path === `/${name}`) {
      const dist = { tarball: `${url}${name}/-/package.tgz`, integrity };
      const known = {
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...described, dist } },
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(known));
    } else if (path === `/${name}/-/package.tgz`) {
      response.end(packed);
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  url = `http://registry.test:${(server.address() as AddressInfo).port}/`;
  return url;
}
