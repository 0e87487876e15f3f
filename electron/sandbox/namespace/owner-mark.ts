import { createHash } from 'node:crypto';

/**
 * The name under which a sandbox's processes run outside. It is what a later life finds them by, so it tells the data
 * folder as well as the session; `ps` shows it to the person.
 */
export function ownerMark(data: string): string {
  return `holdfast:${createHash('sha256').update(data).digest('hex').slice(0, 16)}:`;
}
