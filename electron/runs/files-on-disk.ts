import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, open, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { RunOutput } from '../../shared/run.ts';
import type { RunFiles } from './carrying/run-files.ts';

const mostPiece = 64 * 1024;

/** Files of runs as they lie on this machine. */
export function filesOnDisk(data: string): RunFiles {
  const output = async (path: string): Promise<RunOutput | null> => {
    try {
      if ((await realpath(path)) !== path) return null;
      const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const stat = await file.stat();
        if (!stat.isFile()) return null;
        const hash = createHash('sha256');
        for await (const piece of file.createReadStream({ autoClose: false })) hash.update(piece as Buffer);
        return { path, bytes: stat.size, sha256: hash.digest('hex') };
      } finally {
        await file.close();
      }
    } catch {
      return null;
    }
  };
  return {
    folderOf: (run) => join(data, 'runs', run),
    make: async (folder) => void (await mkdir(folder, { recursive: true, mode: 0o700 })),
    output,
    async keep(outputs, from, to) {
      const kept: RunOutput[] = [];
      for (const each of outputs) {
        const within = relative(from, each.path);
        if (within.startsWith('..')) kept.push(each);
        else {
          const path = join(to, within);
          await mkdir(dirname(path), { recursive: true, mode: 0o700 });
          await copyFile(each.path, path, constants.COPYFILE_EXCL).catch(() => undefined);
          kept.push({ ...each, path });
        }
      }
      return kept;
    },
    async read(known, offset) {
      const now = await output(known.path);
      const nothing = { text: null, base64: null, bytes: 0, next: null, same: false };
      if (!now) return nothing;
      const file = await open(known.path, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(mostPiece), 0, mostPiece, offset);
        const piece = buffer.subarray(0, bytesRead);
        const next = offset + bytesRead < now.bytes ? offset + bytesRead : null;
        const text = piece.includes(0) ? null : piece.toString('utf8');
        const base64 = text === null ? piece.toString('base64') : null;
        return { text, base64, bytes: now.bytes, next, same: now.sha256 === known.sha256 };
      } finally {
        await file.close();
      }
    },
  };
}
