import { constants, existsSync, realpathSync } from 'node:fs';
import { chown, lstat, mkdir, open as openFile, rm } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { RunOutput } from '../../shared/run.ts';
import { makePrivateFolder } from '../base/private-files.ts';
import type { PathOpener } from '../capabilities/open-path.ts';
import { sessionVersion } from '../sandbox/session-version.ts';
import { RunVersion } from '../sessions/run-version.ts';
import type { RunFiles } from './carrying/run-files.ts';
import { pieceOf } from './folders/file-piece.ts';
import { hashOf, LeftFiles, openLeft } from './folders/left-file.ts';

export interface RunFolderNeeds {
  readonly data: string;
  readonly open: PathOpener;
  /** Whose what sandboxes write is to be; null: our own. */
  readonly account: () => Promise<{ uid: number; gid: number } | null>;
}

/** Where the folders of runs lie, by where that really is: rights are written for real paths. */
export const runsFolder = (data: string) => join(realpathSync(data), 'runs');

/**
 * The folders of runs, below Holdfast's own. Sandboxes write in them, so nothing in them is taken for what it says it
 * is: each file is opened without a link on the way, and used by what was opened alone.
 */
export class RunFolders implements RunFiles {
  readonly #needs: RunFolderNeeds;
  readonly #left: LeftFiles;

  constructor(needs: RunFolderNeeds) {
    this.#needs = needs;
    this.#left = new LeftFiles(needs.open);
  }

  folderOf(run: string): string {
    return join(runsFolder(this.#needs.data), run);
  }

  /** For the account of sandboxes to write, and for nobody else to read. */
  async make(folder: string): Promise<void> {
    await makePrivateFolder(dirname(folder));
    await mkdir(folder, { mode: 0o700 }).catch(ifThere);
    if (!(await lstat(folder)).isDirectory()) {
      throw new Problem('conflict', `${folder} is no folder.`, 'Move away what lies there.');
    }
    await this.#give(folder);
  }

  async output(path: string, run: Id<'run'> | null = null, signal?: AbortSignal): Promise<RunOutput | null> {
    if (this.#isOwn(path)) return null;
    const place = await this.#placeOf(path, run);
    if (place === null) return null;
    return this.#left.look(place, (_, output) => Promise.resolve({ ...output, path }), signal);
  }

  /** What Holdfast keeps to itself is hidden in every sandbox: nobody left it, also where a folder around it is given. */
  #isOwn(path: string): boolean {
    const data = realpathSync(this.#needs.data);
    return isWithin(path, data) && !isWithin(path, runsFolder(data));
  }

  /** Where what the parts of a run see at a path lies on this machine. */
  async #placeOf(path: string, run: Id<'run'> | null): Promise<string | null> {
    if (run === null) return path;
    const { kept } = new RunVersion(realpathSync(this.#needs.data), run);
    if (!existsSync(kept)) return path;
    const place = (await sessionVersion(kept))(path);
    // A link of a part’s may lead anywhere: only what lies in the version itself is that.
    return place === path || place?.startsWith(`${kept}/`) ? place : null;
  }

  async keep(outputs: readonly RunOutput[], from: string, to: string): Promise<RunOutput[]> {
    const kept: RunOutput[] = [];
    for (const output of outputs) {
      const within = relative(from, output.path);
      if (within === '' || within.startsWith('..') || posix.isAbsolute(within)) kept.push(output);
      else kept.push(await this.#copy(output, to, within));
    }
    return kept;
  }

  async read(known: RunOutput, offset: number, run: Id<'run'> | null = null) {
    const place = await this.#placeOf(known.path, run);
    if (place === null) return nothing;
    const found = await this.#left.look(place, async (file, { bytes, sha256 }) => {
      const { text, base64, next } = await pieceOf(file, offset, bytes);
      return { text, base64, bytes, next, same: sha256 === known.sha256 };
    });
    return found ?? nothing;
  }

  /** Into a folder in which no sandbox has been yet; what an earlier life copied halfway is copied again. */
  async #copy(output: RunOutput, to: string, within: string): Promise<RunOutput> {
    const path = join(to, within);
    const left = await openLeft(this.#needs.open, output.path);
    if (!left) throw changed(output, 'is no longer there');
    try {
      await this.#makeFolders(to, dirname(within));
      await rm(path, { force: true });
      const copy = await openFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        const sha256 = await hashOf(left.file, left.facts.size, async (piece) => {
          await copy.writeFile(piece);
        });
        if (sha256 !== output.sha256) throw changed(output, 'is no longer what that part left');
        await copy.sync();
      } catch (thrown) {
        await rm(path, { force: true });
        throw thrown;
      } finally {
        await copy.close();
      }
      await this.#give(path);
      return { ...output, path };
    } finally {
      await left.file.close();
    }
  }

  async #makeFolders(to: string, within: string): Promise<void> {
    let folder = to;
    for (const name of within.split('/').filter((each) => each !== '.' && each !== '')) {
      folder = join(folder, name);
      await mkdir(folder, { mode: 0o700 }).catch(ifThere);
      if (!(await lstat(folder)).isDirectory()) {
        throw new Problem('conflict', `${folder} is no folder.`, 'Start the run again.');
      }
      await this.#give(folder);
    }
  }

  async #give(path: string): Promise<void> {
    const account = await this.#needs.account();
    if (account) await chown(path, account.uid, account.gid);
  }
}

const nothing = { text: null, base64: null, bytes: 0, next: null, same: false };

function changed({ path }: RunOutput, how: string): Problem {
  return new Problem('conflict', `${path} ${how}, so it cannot be kept.`, 'Start the run again as a whole.');
}

const isWithin = (path: string, folder: string) => path.startsWith(`${folder}/`);

function ifThere(failure: unknown): void {
  if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
}
