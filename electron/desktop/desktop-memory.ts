import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { writePrivateFile } from '../base/private-files.ts';

const windowSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
});
export type RememberedWindow = z.infer<typeof windowSchema>;

const memorySchema = z.strictObject({
  window: windowSchema.nullable().default(null),
  secrets: z.enum(['file', 'system']).default('system'),
});
type Remembered = z.infer<typeof memorySchema>;

const rest = 500;

/** What the desktop app remembers of itself, in one small file. Losing it loses nothing but comfort. */
export class DesktopMemory {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #failed: (failure: unknown) => void;
  #now: Remembered;
  #writing: Promise<void> = Promise.resolve();
  #cancel: (() => void) | undefined;

  private constructor(path: string, clock: Clock, failed: (failure: unknown) => void, now: Remembered) {
    this.#path = path;
    this.#clock = clock;
    this.#failed = failed;
    this.#now = now;
  }

  static async open(path: string, clock: Clock, failed: (failure: unknown) => void): Promise<DesktopMemory> {
    return new DesktopMemory(path, clock, failed, await read(path));
  }

  get now(): Remembered {
    return this.#now;
  }

  /** Changes at once here, and soon in the file: a window that is dragged changes a hundred times. */
  change(part: Partial<Remembered>): void {
    this.#now = { ...this.#now, ...part };
    this.#cancel ??= this.#clock.after(rest, () => void this.flush());
  }

  async flush(): Promise<void> {
    if (this.#cancel) {
      this.#cancel();
      this.#cancel = undefined;
      const text = `${JSON.stringify(this.#now, null, 2)}\n`;
      this.#writing = this.#writing.then(() => writePrivateFile(this.#path, text)).catch(this.#failed);
    }
    await this.#writing;
  }
}

async function read(path: string): Promise<Remembered> {
  try {
    return memorySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return memorySchema.parse({});
  }
}
