import type { ListenOptions, Server } from 'node:net';
import { Problem } from '../../shared/problem.ts';

/** Resolves when the server listens; rejects with a problem that says why it cannot. */
export function listening(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (failure: NodeJS.ErrnoException) => {
      const place = where.path ?? `${where.host}:${where.port}`;
      const used = failure.code === 'EADDRINUSE';
      reject(
        new Problem(
          used ? 'conflict' : 'unavailable',
          used
            ? `${place} is in use by another program.`
            : `It cannot listen at ${place}: ${failure.message}.`,
          'Choose another port with --port, or leave it out.',
          { cause: failure },
        ),
      );
    };
    server.once('error', failed);
    server.listen(where, () => {
      server.off('error', failed);
      resolve();
    });
  });
}
