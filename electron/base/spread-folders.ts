import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A disk that does not answer keeps nobody waiting for ever. */
const patience = 5000;

/**
 * Tells the file system that the folders in this one have nothing to do with each other, so that each gets a part of
 * the disk of its own. What comes and goes in one is then not in the way of the next: ext4 without a journal looks
 * through whatever was removed near by in the last minutes for each new file. A hint: most others know no such thing.
 */
export async function spreadFolders(folder: string, program = 'chattr'): Promise<void> {
  await run(program, ['+T', folder], { timeout: patience }).catch(() => undefined);
}
