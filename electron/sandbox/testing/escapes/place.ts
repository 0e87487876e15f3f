import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SandboxHouse } from '../sandbox-house.ts';

const run = promisify(execFile);

/** A place on this machine that programs inside try to reach: what they are given, and what lies beside it. */
export interface EscapePlace {
  /** Granted read-only, with the program that tries. */
  readonly read: string;
  readonly probe: string;
  /** Granted for writing. */
  readonly write: string;
  /** Not granted. */
  readonly secret: string;
  /** A listener of this machine, by every way there is to one. */
  readonly port: number;
  readonly abstract: string;
  readonly listener: string;
  close(): Promise<void>;
}

/** What nothing inside may ever say. */
export const secretText = 'what lies outside';

export async function makeEscapePlace(house: SandboxHouse): Promise<EscapePlace> {
  const [read, write] = [await house.newFolder('read'), await house.newFolder('write')];
  const secretFolder = join(house.folder, 'read-not');
  const secret = join(secretFolder, 'secret');
  await mkdir(secretFolder);
  await writeFile(secret, secretText);
  await writeFile(join(read, 'text'), 'inside');
  await writeFile(join(write, 'text'), 'inside');
  for (const folder of [read, write]) await symlink(secret, join(folder, 'planted'));
  await mkdir(join(write, '.git', 'hooks'), { recursive: true });
  await writeFile(join(write, '.git', 'config'), '[core]\n');
  await chmod(secretFolder, 0o755);
  const probe = join(read, 'probe');
  await run('cc', ['-std=c11', '-O1', '-static', '-o', probe, join(import.meta.dirname, 'probe.c')]);

  const abstract = `\0holdfast-escape-${process.pid}`;
  const listener = join(write, 'listener');
  const servers = [createServer(greet), createServer(greet), createServer(greet)] as const;
  const [tcp, named, unnamed] = servers;
  await listening(tcp.listen(0, '127.0.0.1'));
  await listening(named.listen(listener));
  await listening(unnamed.listen(abstract));
  // As a listener that means to be reached by everybody.
  await chmod(listener, 0o777);
  if (process.getuid?.() === 0) {
    const all = [
      join(write, 'text'),
      join(write, '.git'),
      join(write, '.git/hooks'),
      join(write, '.git/config'),
    ];
    for (const path of all) await chown(path, house.uid, house.uid);
  }
  const address = tcp.address();
  return {
    read,
    probe,
    write,
    secret,
    port: typeof address === 'object' && address ? address.port : 0,
    abstract: abstract.replace('\0', '@'),
    listener,
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

const greet: Parameters<typeof createServer>[1] = (socket) => {
  socket.on('error', () => undefined);
  socket.end(secretText);
};

async function listening(server: Server): Promise<void> {
  if (!server.listening) await once(server, 'listening');
}
