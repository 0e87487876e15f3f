import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Ceiling, ceilingSchema } from '../../../shared/run.ts';
import { Agents } from '../../agents/agents.ts';
import { KnownModels } from '../../models/known-models.ts';
import { Planning } from '../planning.ts';

const resources = (name: string) => fileURLToPath(new URL(`../../../resources/${name}`, import.meta.url));

/** A planning room with the bundled files and these of a person’s own. */
export function somePlanning(
  files: { roles?: Record<string, string>; recipes?: Record<string, string> } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-planning-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = (kind: string, texts: Record<string, string> = {}) => {
    const place = join(folder, kind);
    mkdirSync(place);
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(place, name), text);
    return { bundled: resources(kind), own: place };
  };
  const agents = new Agents(own('agents'));
  const planning = new Planning({
    roles: own('roles', files.roles),
    recipes: own('recipes', files.recipes),
    agents,
    models: () =>
      KnownModels.read({ bundled: resources('models/models.yaml'), own: join(folder, 'models.yaml') }),
  });
  return { planning, agents, folder };
}

export function someCeiling(given: Partial<Ceiling> = {}): Ceiling {
  return { ...ceilingSchema.parse({}), ...given };
}
