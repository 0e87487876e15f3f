import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../base/private-files.ts';
import { Problem } from '../../../shared/problem.ts';

/** What session.json says. A field that does not apply is left out; one without an end never came to a proper one. */
export interface SessionNote {
  readonly schema_version: 2;
  readonly session_id: string;
  readonly agent: string;
  readonly repo_url: string;
  readonly work_unit?: string;
  readonly start_timestamp: string;
  readonly end_timestamp?: string;
  readonly outcome?: string;
  readonly exit_code?: number;
}

/** Where everything of one record on disk lies. */
export class RecordFolder {
  readonly path: string;
  /** What the session itself writes, while it lives. */
  readonly live: string;
  readonly note: string;
  /** What Holdfast adds at the end: transcript, outputs, manifest, proof. */
  readonly added: string;
  readonly manifest: string;
  readonly proof: string;

  constructor(path: string) {
    this.path = path;
    this.live = join(path, 'runa');
    this.note = join(path, 'agentd', 'session.json');
    this.added = join(path, 'holdfast');
    this.manifest = join(this.added, 'manifest.json');
    this.proof = join(this.added, 'proof');
  }

  /** With the modes of a session at work. Nothing is left of it where it cannot be made. */
  async make(note: SessionNote): Promise<void> {
    await mkdir(this.path, { mode: 0o755 });
    try {
      for (const folder of [dirname(this.note), this.added]) await mkdir(folder, { mode: 0o755 });
      await mkdir(this.live);
      // Not by mkdir: the umask would take from it what accounts of containers need.
      await chmod(this.live, 0o777);
      await this.write(note);
    } catch (thrown) {
      await rm(this.path, { recursive: true, force: true });
      throw thrown;
    }
  }

  /** Complete or not at all. `sealed`: read-only, and on the disk when it returns. */
  async write(note: SessionNote, sealed = false): Promise<void> {
    const temporary = `${this.note}.${randomBytes(6).toString('hex')}.new`;
    try {
      const file = await open(temporary, 'wx', 0o644);
      try {
        await file.writeFile(textOf(note));
        if (sealed) await file.chmod(0o444);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.note);
    } catch (failure) {
      await rm(temporary, { force: true });
      throw failure;
    }
  }
}

export function textOf(note: SessionNote): string {
  return `${JSON.stringify(note, null, 2)}\n`;
}

/** The name of a record's folder becomes durable with the folder above it. */
export async function settle(folder: RecordFolder): Promise<void> {
  await syncFolder(dirname(folder.note));
}

/** Whether records can be made and sealed here: found out before a session begins, not at its end. */
export async function probe(root: string): Promise<void> {
  const folder = join(root, `.holdfast-audit-root-probe-${randomBytes(8).toString('hex')}`);
  const file = join(folder, 'probe-file');
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await mkdir(folder, { mode: 0o755 });
    await writeFile(file, '');
    await chmod(file, 0o444);
    await chmod(folder, 0o555);
    await chmod(folder, 0o755);
    await chmod(file, 0o644);
  } catch (failure) {
    throw notKept(root, failure);
  } finally {
    // Where it could not be made, there is nothing, and looking for it fails as well.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Whoever runs into this can keep them elsewhere. */
export const notKept = (root: string, failure: unknown) =>
  new Problem(
    'storage_failed',
    `Records of sessions cannot be kept in ${root}: ${(failure as Error).message}.`,
    'Choose a folder on a file system that keeps modes: `holdfast settings set records.root /a/folder`.',
    { cause: failure },
  );
