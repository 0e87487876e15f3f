import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { Checkpoint } from '../../../shared/contract/record.ts';
import type { Settings } from '../../../shared/settings.ts';

const commandMilliseconds = 30_000;

export type Destination = 'file' | 'command';
export type Delivery = (checkpoint: Checkpoint, settings: Settings) => Promise<void>;

/**
 * Sends new checkpoints to where the person wants them as well. One delivery runs at a time and only
 * the newest waits; a destination that fails is told once, until it has worked again.
 */
export class CheckpointDelivery {
  readonly #failed: (destination: Destination, size: number, reason: string) => void;
  readonly #failing = new Set<Destination>();
  #next: { checkpoint: Checkpoint; settings: Settings } | undefined;
  #running: Promise<void> | undefined;

  constructor(failed: (destination: Destination, size: number, reason: string) => void) {
    this.#failed = failed;
  }

  send(checkpoint: Checkpoint, settings: Settings): void {
    this.#next = { checkpoint, settings };
    this.#running ??= this.#run();
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#next; next; next = this.#next) {
      this.#next = undefined;
      const { checkpoint, settings } = next;
      const file = settings['checkpoint.file'];
      const command = settings['checkpoint.command'];
      if (file) await this.#attempt('file', checkpoint.size, () => replaceFile(file, checkpoint.note));
      if (command)
        await this.#attempt('command', checkpoint.size, () => runCommand(command, checkpoint.note));
    }
    this.#running = undefined;
  }

  async #attempt(destination: Destination, size: number, deliver: () => Promise<void>): Promise<void> {
    try {
      await deliver();
      this.#failing.delete(destination);
    } catch (thrown) {
      const known = this.#failing.has(destination);
      this.#failing.add(destination);
      if (!known) this.#failed(destination, size, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
}

async function replaceFile(path: string, note: string): Promise<void> {
  // A new file under a name nobody can foresee: in a folder that others may write to, no link of theirs is followed.
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    await writeFile(temporary, note, { mode: 0o600, flag: 'wx', flush: true });
    await rename(temporary, path);
  } catch (failure) {
    await rm(temporary, { force: true });
    throw failure;
  }
}

/** The person's own command, without a shell, with nothing of our environment but what finding programs needs. */
function runCommand([program, ...args]: readonly string[], note: string): Promise<void> {
  const env = Object.fromEntries(
    ['PATH', 'HOME', 'SystemRoot', 'USERPROFILE'].map((name) => [name, process.env[name]]),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, {
      env,
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: commandMilliseconds,
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-500);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `it ended with ${signal ?? `exit code ${code}`}${complaint ? `: ${complaint.trim()}` : ''}`,
          ),
        );
    });
    // A command that does not read its input is not a failure of ours.
    child.stdin.on('error', () => undefined);
    child.stdin.end(note);
  });
}
