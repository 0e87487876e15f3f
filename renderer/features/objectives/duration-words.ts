import { plural } from '../../ui/words.ts';

const units = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const;

/** In the largest unit that says it whole. */
export function durationWords(seconds: number): string {
  const [length, unit] = units.find(([each]) => seconds % each === 0) ?? [1, 'second'];
  return plural(seconds / length, unit);
}
