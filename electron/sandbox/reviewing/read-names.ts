import { createReadStream } from 'node:fs';
import { Problem } from '../../../shared/problem.ts';

const mostNames = 2_000_000;
const longestName = 65_536;

/** The paths of a copied original, each ended by a NUL byte, in the spelling that maps use. */
export async function readNames(path: string): Promise<Set<string>> {
  const names = new Set<string>();
  let rest = '';
  for await (const chunk of createReadStream(path, 'latin1')) {
    const parts = `${rest}${String(chunk)}`.split('\0');
    rest = parts.pop() ?? '';
    for (const name of parts) names.add(name);
    if (names.size > mostNames || rest.length > longestName)
      throw new Problem('too_large', 'The copied folder holds more than can be compared.');
  }
  return names;
}
