import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Agents } from './agents.ts';

const bundled = fileURLToPath(new URL('../../resources/agents', import.meta.url));

/** A home of a person, with an npm of its own. */
function someHome(configuration: string) {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-recipe-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const programs = join(home, 'bin');
  mkdirSync(programs);
  for (const name of ['npm', 'node']) {
    writeFileSync(join(programs, name), '#!/usr/bin/env node\n');
    chmodSync(join(programs, name), 0o755);
  }
  writeFileSync(join(home, '.npmrc'), configuration);
  const recipe = (environment: Record<string, string> = {}, searchPath = programs) =>
    new Agents({ bundled, own: join(home, 'agents'), home, searchPath, environment }).recipe('codex');
  return { programs, recipe };
}

test('a recipe has the package, this machine’s npm, and the registry that the person’s npm was told of', async () => {
  const registries = '@mine:registry=https://other.example.org/\nregistry = "https://first.example.org/"\n';
  const { programs, recipe } = someHome(`${registries}registry=https://packages.example.org/npm/\n`);
  expect(await recipe()).toMatchObject({
    preset: 'codex',
    package: '@openai/codex',
    program: 'codex',
    from: {
      registry: 'https://packages.example.org/npm/',
      scopes: { '@mine': 'https://other.example.org/' },
      configuration: { text: '@mine:registry="https://other.example.org/"\n', secrets: [] },
    },
    npm: { path: join(programs, 'npm'), node: join(programs, 'node') },
  });
  const told = { npm_config_registry: 'https://told.example.org/' };
  expect(await recipe(told)).toMatchObject({ from: { registry: 'https://told.example.org/' } });
});

test('where nothing is said npm is asked itself, and where there is no npm none is made up', async () => {
  const { recipe } = someHome(
    '@mine:registry=https://other.example.org/\n# registry=https://x.example.org\n',
  );
  expect(await recipe({}, '/nonexistent')).toMatchObject({ from: { registry: null }, npm: null });
  const agents = new Agents({ bundled, own: '/nonexistent' });
  await expect(agents.recipe('script')).rejects.toThrow(/No recipe comes with Holdfast/);
});
