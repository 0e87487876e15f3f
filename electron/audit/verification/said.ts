import type { z } from 'zod';

/** What an event's data say, by their schema; undefined where they are not what they should be. */
export function said<Schema extends z.ZodType>(schema: Schema, data: string): z.output<Schema> | undefined {
  try {
    return schema.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
