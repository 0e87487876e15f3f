import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Where it lies, for a kept folder’s own place. */
export const appliedWorkFile = (place: string): string => join(place, 'applied-work.json');

/** Paths below the folder, in the spelling of maps. */
const appliedWorkSchema = z.strictObject({
  /** How applying left the folders it worked in. */
  times: z.array(z.tuple([z.string(), z.string().regex(/^\d+$/)])),
  /** What was begun and not finished: folders that it works in, and what it puts aside to remove it. */
  begun: z.strictObject({ folders: z.array(z.string()), aside: z.array(z.string()) }).nullable(),
});

export interface AppliedWork {
  readonly times: Map<string, bigint>;
  begun: { readonly folders: ReadonlySet<string>; readonly aside: readonly string[] } | null;
}

/** What our own applying did to the original: kept between one decision and the next, also where one was cut off. */
export async function readAppliedWork(place: string): Promise<AppliedWork> {
  let text: string;
  try {
    text = await readFile(appliedWorkFile(place), 'utf8');
  } catch {
    return { times: new Map(), begun: null };
  }
  const { times, begun } = appliedWorkSchema.parse(JSON.parse(text));
  return {
    times: new Map(times.map(([path, time]) => [path, BigInt(time)])),
    begun: begun && { folders: new Set(begun.folders), aside: begun.aside },
  };
}

export async function writeAppliedWork(place: string, { times, begun }: AppliedWork): Promise<void> {
  const beside = `${appliedWorkFile(place)}.new`;
  const whole: z.infer<typeof appliedWorkSchema> = {
    times: [...times].map(([path, time]) => [path, String(time)]),
    begun: begun && { folders: [...begun.folders], aside: [...begun.aside] },
  };
  await writeFile(beside, JSON.stringify(whole), { mode: 0o600, flush: true });
  await rename(beside, appliedWorkFile(place));
}
