import { posix } from 'node:path';
import { Problem } from '../../../../shared/problem.ts';
import type { PathOpener } from '../../../capabilities/open-path.ts';
import type { FileHands } from '../../../tools/hands.ts';
import type { SessionRights } from '../../preparing/session-rights.ts';
import type { SandboxKeeper } from '../sandbox-keeper.ts';

export interface FileHandsNeeds {
  readonly rights: SessionRights;
  readonly open: PathOpener;
  readonly sandbox: SandboxKeeper;
  readonly folder: string | null;
  readonly signal: AbortSignal;
}

/** Where relative paths begin when no folder is granted. */
export const sandboxHome = '/home/sandbox';

const kinds = { file: 'file', folder: 'folder', link: 'link', other: 'other' } as const;

/**
 * Each path is asked of the tokens by where it really leads, and then carried out inside, where no link is followed.
 * One that leads elsewhere is not gone along: what was allowed was the path that was asked for.
 */
export function fileHands({ rights, open, sandbox, folder, signal }: FileHandsNeeds): FileHands {
  const whole = (path: string) => posix.resolve(folder ?? sandboxHome, path);
  const real = async (kind: 'file_read' | 'file_write', path: string) => {
    const asked = whole(path);
    const at = await rights.authorizePath(open, { kind, path: asked });
    // Rules and people decided about the path as it was asked for.
    if (at !== asked.replace(/(?<=.)\/$/, '')) throw elsewhere(asked, at);
    return at;
  };
  return {
    async read(path, options = {}) {
      const at = await real('file_read', path);
      const read = await sandbox.use(({ files }) => files.read(at, options), signal);
      return { ...read, path: at };
    },
    async write(path, bytes, how) {
      const at = await real('file_write', path);
      await sandbox.use(({ files }) => files.write(at, bytes, how), signal);
      return { path: at };
    },
    async list(path, most) {
      const at = await real('file_read', path);
      const listed = await sandbox.use(({ files }) => files.list(at, { most }), signal);
      const entries = listed.entries.map(({ name, facts }) => ({
        name: name.toString('utf8'),
        kind: kinds[facts.type],
        size: facts.size,
      }));
      return { path: at, entries, more: listed.more };
    },
    async makeFolder(path) {
      const at = await real('file_write', path);
      await sandbox.use(({ files }) => files.makeFolder(at), signal);
    },
    readable: (path) => real('file_read', path),
    raw: {
      async facts(path) {
        const at = await real('file_read', path.toString());
        return sandbox.use(({ files }) => files.facts(at), signal);
      },
    },
  };
}

function elsewhere(asked: string, at: string): Problem {
  return new Problem('conflict', `${asked} leads through a link to ${at}.`, 'Give that path instead.');
}
