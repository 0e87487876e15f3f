import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const file = 'applied-times.json';
const schema = z.array(z.tuple([z.string(), z.string().regex(/^\d+$/)]));

/** How applying left the folders it worked in, by path: kept between one decision and the next. */
export async function readAppliedTimes(place: string): Promise<Map<string, bigint>> {
  try {
    const entries = schema.parse(JSON.parse(await readFile(join(place, file), 'utf8')));
    return new Map(entries.map(([path, time]) => [path, BigInt(time)]));
  } catch {
    // Without it our own work looks like somebody else's, and is refused: the careful side.
    return new Map();
  }
}

export async function writeAppliedTimes(place: string, left: ReadonlyMap<string, bigint>): Promise<void> {
  const beside = join(place, `${file}.new`);
  const text = JSON.stringify([...left].map(([path, time]) => [path, String(time)]));
  await writeFile(beside, text, { mode: 0o600, flush: true });
  await rename(beside, join(place, file));
}
