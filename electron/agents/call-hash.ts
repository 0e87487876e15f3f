import { createHash } from 'node:crypto';

/** The same for calls of one tool with the same input, however its names are ordered. */
export function callHash(tool: string, input: unknown): string {
  return createHash('sha256')
    .update(`${tool}\n${ordered(input)}`)
    .digest('hex');
}

function ordered(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
