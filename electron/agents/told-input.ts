import { isDeepStrictEqual } from 'node:util';
import type { Tool } from '../tools/tool.ts';

/** What of an input somebody has to look at: without what would be so anyway. */
export function toldInput(
  { input: schema }: Pick<Tool, 'input'>,
  input: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input).filter(([name, value]) => {
      const { [name]: _, ...rest } = input;
      const without = schema.safeParse(rest);
      return !without.success || !isDeepStrictEqual((without.data as Record<string, unknown>)[name], value);
    }),
  );
}
