import type { PresetLook } from '../../shared/preset.ts';
import { aligned, harmless, tinted } from './output.ts';

/** One line for each known agent, and below it what keeps it from working. */
export function presetLines(presets: readonly PresetLook[]): string[] {
  const rows = aligned(presets.map(cells));
  return presets.flatMap(({ missing }, i) => [
    rows[i] ?? '',
    ...missing.map(({ message, mend }) => tinted('warning', `    ${harmless(message)} ${harmless(mend)}`)),
  ]);
}

function cells({ name, program, missing, title }: PresetLook): string[] {
  const place = program ? `${program.version ?? 'version unknown'}  ${program.path}` : title;
  return [name, missing.length === 0 ? 'ready' : 'lacks something', harmless(place)];
}
