import type { Preset } from './preset-schema.ts';

/** Said where the program of a preset is not on this machine. */
export function programMissing({ program, title, install }: Preset): { message: string; mend: string } {
  const how = install === undefined ? `Install ${title}` : `Install it with \`${install}\``;
  return {
    message: `There is no program “${program ?? ''}” on the search path.`,
    mend: `${how}, or name an image that has it under “sandbox”.`,
  };
}
