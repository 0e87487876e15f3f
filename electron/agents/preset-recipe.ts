import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { PresetName } from '../../shared/command-agent.ts';
import { Problem } from '../../shared/problem.ts';
import { findProgram } from '../base/find-program.ts';
import type { CommandPresets } from './command-presets.ts';
import { npmConfiguration, npmRegistries, npmSecrets } from './presets/npm-registries.ts';
import { type ProgramPlaces, programPlaces } from '../base/program-places.ts';

/** How the program of a preset comes into an image. */
export interface PresetRecipe {
  readonly preset: PresetName;
  readonly package: string;
  readonly program: string;
  readonly from: PackageSource;
  /** This machine’s npm, and the node that runs it; null: it has none. */
  readonly npm: (ProgramPlaces & { readonly node: string }) | null;
}

/** Where packages come from, by the person's own word. */
export interface PackageSource {
  /** Where the person’s own npm asks; null: where npm asks of itself. */
  readonly registry: string | null;
  /** Where it asks for packages of a scope, which has its `@`. */
  readonly scopes: Readonly<Record<string, string>>;
  /** What an npm has to be told for that beside the registry, and what of it nobody may hear; null: nothing. */
  readonly configuration: { readonly text: string; readonly secrets: readonly string[] } | null;
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
  const from = await sourceOf(home, environment);
  return { preset: name, package: wanted, program, from, npm: await npmOf(searchPath) };
}

async function npmOf(searchPath: string | undefined): Promise<PresetRecipe['npm']> {
  const [npm, node] = await Promise.all([
    programPlaces('npm', searchPath, 'npm'),
    findProgram('node', searchPath),
  ]);
  return npm && node !== undefined ? { ...npm, node: await realpath(node) } : null;
}

async function sourceOf(home: string, environment: RecipeNeeds['environment']): Promise<PackageSource> {
  const file = environment['npm_config_userconfig'] ?? environment['NPM_CONFIG_USERCONFIG'];
  const text = await readFile(file ?? join(home, '.npmrc'), 'utf8').catch(() => '');
  const known = npmRegistries(text.length > mostConfigurationBytes ? '' : text, environment);
  const { registry, scopes } = known;
  const told = npmConfiguration(known);
  const configuration = told === null ? null : { text: told, secrets: npmSecrets(known) };
  return { registry, scopes, configuration };
}
