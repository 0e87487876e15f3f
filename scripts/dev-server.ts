// npm run dev without Electron: the daemon from source, started anew when its files change, and vite's server for
// the pages, which hands on what is meant for the daemon.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createSocket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import react from '@vitejs/plugin-react';
import { createServer } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/** The daemon keeps its port over restarts, so that open pages find it again. */
async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = socket.address();
  socket.close();
  await once(socket, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port could be had on 127.0.0.1.');
  return address.port;
}

const args = process.argv.slice(2);
const given = args.indexOf('--port');
const port = given < 0 ? await freePort() : Number(args[given + 1]);
const daemonAddress = `http://127.0.0.1:${port}`;

const pages = await createServer({
  configFile: false,
  root: path.join(root, 'renderer'),
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/rpc', '/api', '/ws', '/openapi.json'].map((place) => [
        place,
        { target: daemonAddress, changeOrigin: true, ws: place === '/ws' },
      ]),
    ),
  },
});
await pages.listen();
const pagesAddress = (pages.resolvedUrls?.local[0] ?? '').replace(/\/$/, '');

const daemon = spawn(
  process.execPath,
  [
    '--watch',
    '--watch-preserve-output',
    path.join(root, 'electron', 'daemon.ts'),
    ...(given < 0 ? ['--port', String(port)] : []),
    '--dev-origin',
    pagesAddress,
    '--no-open',
    ...args,
  ],
  { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
);

// The daemon's own link leads to the built pages; the same ticket opens those from source.
createInterface({ input: daemon.stdout }).on('line', (line) => {
  console.log(line.replace(daemonAddress, pagesAddress));
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (signal === 'SIGTERM') daemon.kill(signal);
  });
}
await once(daemon, 'exit');
await pages.close();
