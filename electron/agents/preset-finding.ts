import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { PresetLook } from '../../shared/preset.ts';
import type { CommandPresets } from './command-presets.ts';
import type { Preset } from './presets/preset-schema.ts';
import { programMissing } from './presets/program-missing.ts';
import { programPlaces } from '../base/program-places.ts';

export interface FindingNeeds {
  readonly presets: CommandPresets;
  readonly home: string;
  readonly searchPath: string | undefined;
  /** Names of the stored secrets. */
  readonly secrets: () => readonly string[];
}

/** Which command-line agents are on this machine, and what each of them lacks. Nothing is run. */
export function findPresets(needs: FindingNeeds): Promise<PresetLook[]> {
  const stored = new Set(needs.secrets());
  return Promise.all(needs.presets.list().map((preset) => look(preset, needs, stored)));
}

async function look(
  preset: Preset,
  { home, searchPath }: FindingNeeds,
  stored: ReadonlySet<string>,
): Promise<PresetLook> {
  const program =
    preset.program === undefined ? null : await programPlaces(preset.program, searchPath, preset.package);
  const credential = preset.credential
    ? { ...preset.credential, stored: stored.has(preset.credential.secret) }
    : null;
  const signIn = preset.sign_in ? await signInOf(preset.sign_in, home) : null;
  const gateway = preset.gateway
    ? { wire: preset.gateway.wire, needsModel: preset.gateway.needs_model }
    : null;
  const { name, title, description, hosts, writable } = preset;
  return {
    name,
    title,
    description,
    program: program && { path: program.path, version: program.version, folders: [...program.folders] },
    terminal: preset.terminal !== undefined,
    hosts,
    writable,
    credential,
    signIn,
    gateway,
    missing: missingOf(preset, program !== null, credential?.stored ?? true, signIn?.signedIn ?? false),
  };
}

async function signInOf(
  { folder, sign, hosts, consequence }: NonNullable<Preset['sign_in']>,
  home: string,
): Promise<NonNullable<PresetLook['signIn']>> {
  const source = join(home, folder);
  const signedIn = await access(join(source, sign)).then(
    () => true,
    () => false,
  );
  return { source, place: folder, signedIn, hosts, consequence };
}

function missingOf(
  preset: Preset,
  isFound: boolean,
  isStored: boolean,
  signedIn: boolean,
): PresetLook['missing'] {
  const { program, title, credential } = preset;
  const missing: PresetLook['missing'] = [];
  if (program !== undefined && !isFound) {
    missing.push({ what: 'program', ...programMissing(preset) });
  }
  if (credential && !isStored && !signedIn) {
    missing.push({
      what: 'model',
      message: `No secret “${credential.secret}” is stored, and nobody is signed in.`,
      mend: `Store one with \`holdfast secrets set ${credential.secret}\`, or sign in with ${title} outside.`,
    });
  }
  return missing;
}
