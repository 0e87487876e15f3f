import type { WorkParts } from '../work-parts.ts';
import { mirrorsFolder } from './half-made.ts';
import { Mirrors } from './mirrors.ts';

export function mirrorsOf({ data, account, executor, clock, ownPlaces }: WorkParts): Mirrors {
  const folder = mirrorsFolder(data);
  return new Mirrors({ folder, account, executor: () => executor('namespace'), clock, ownPlaces });
}
