import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type PresetName, presetNames } from '../../shared/command-agent.ts';
import { type Preset, presetSchema } from './presets/preset-schema.ts';

/** What is known of command-line agents; each is read when it is first needed. */
export class CommandPresets {
  readonly #folder: string;
  readonly #read = new Map<PresetName, Preset>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  of(name: PresetName): Preset {
    const known = this.#read.get(name);
    if (known) return known;
    const preset = presetSchema().parse(parse(readFileSync(join(this.#folder, `${name}.yaml`), 'utf8')));
    this.#read.set(name, preset);
    return preset;
  }

  list(): Preset[] {
    return presetNames.map((name) => this.of(name));
  }
}
