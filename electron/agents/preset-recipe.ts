import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { PresetName } from '../../shared/command-agent.ts';
import { Problem } from '../../shared/problem.ts';
import { findProgram } from '../base/find-program.ts';
import type { CommandPresets } from './command-presets.ts';
import { type ProgramPlaces, programPlaces } from './presets/program-places.ts';

/** How the program of a preset comes into an image. */
export interface PresetRecipe {
  readonly preset: PresetName;
  readonly package: string;
  readonly program: string;
  /** Where the person’s own npm asks; null: where npm asks of itself. */
  readonly registry: string | null;
  /** This machine’s npm, and the node that runs it; null: it has none. */
  readonly npm: (ProgramPlaces & { readonly node: string }) | null;
}

export interface RecipeNeeds {
  readonly presets: CommandPresets;
  readonly home: string;
  readonly searchPath: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const mostConfigurationBytes = 262_144;

export async function presetRecipe(
  name: PresetName,
  { presets, home, searchPath, environment }: RecipeNeeds,
): Promise<PresetRecipe> {
  const preset = presets.of(name);
  const { package: wanted, program } = preset;
  if (wanted === undefined || program === undefined) {
    throw new Problem(
      'invalid_input',
      `No recipe comes with Holdfast for an image of “${name}”.`,
      'Name an image that has the program under “sandbox”.',
    );
  }
  const registry = await registryOf(home, environment);
  return { preset: name, package: wanted, program, registry, npm: await npmOf(searchPath) };
}

async function npmOf(searchPath: string | undefined): Promise<PresetRecipe['npm']> {
  const [npm, node] = await Promise.all([
    programPlaces('npm', searchPath, 'npm'),
    findProgram('node', searchPath),
  ]);
  return npm && node !== undefined ? { ...npm, node: await realpath(node) } : null;
}

/** The person's own word for where packages come from: of all that npm is told there, only this. */
async function registryOf(home: string, environment: RecipeNeeds['environment']): Promise<string | null> {
  const told = environment['npm_config_registry'] ?? environment['NPM_CONFIG_REGISTRY'];
  if (told) return told;
  const file = environment['npm_config_userconfig'] ?? environment['NPM_CONFIG_USERCONFIG'];
  const text = await readFile(file ?? join(home, '.npmrc'), 'utf8').catch(() => '');
  if (text.length > mostConfigurationBytes) return null;
  const said = text
    .split('\n')
    .flatMap((line) => /^\s*registry\s*=\s*"?([^"\s]+)"?\s*$/.exec(line)?.[1] ?? []);
  return said.at(-1) ?? null;
}
