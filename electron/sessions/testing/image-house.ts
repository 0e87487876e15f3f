import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { Agents } from '../../agents/agents.ts';
import { findProgram } from '../../base/find-program.ts';
import { sandboxAccount } from '../../sandbox/sandbox-account.ts';
import type { Executor } from '../../sandbox/sandbox.ts';
import { type NamedImage, PresetImages } from '../preset-images.ts';
import { npmRegistry } from './npm-registry.ts';
import { operator } from './some-sessions.ts';
import { git, problemOf, repository, someWork } from './some-work.ts';

const searchPath = '/usr/local/bin:/usr/bin:/bin';
const bundled = fileURLToPath(new URL('../../../resources/agents', import.meta.url));

/** Why no image can be made here whatever the engine is, for a loud skip; null where one can. */
export const withoutNpm =
  (await findProgram('npm', searchPath)) === undefined ? 'there is no npm below /usr' : null;

const tiny = {
  name: 'opencode-ai',
  version: '1.2.3',
  program: 'opencode',
  text: `require('node:fs').writeFileSync('made.txt', 'by ' + process.argv.at(-1) + ' ' + require('./here.json'));`,
  // A script of the package runs inside, and reaches nothing but the registry.
  postinstall: `node -e "fetch('http://elsewhere.test:1/').then(() => 'reached', () => 'apart').then((said) => fs.writeFileSync('here.json', JSON.stringify(said)))"`,
};

/** Command agents whose images are made from a registry with one package. */
export async function imageHouse(
  container: (data: string) => Executor,
  { registry = '', npmrc = '', named = [] as NamedImage[] } = {},
) {
  registry ||= await npmRegistry(tiny);
  let images: PresetImages | undefined;
  let agents: Agents | undefined;
  const some = await someWork({
    container,
    parts: {
      images: () => Promise.resolve(images!),
      agents: {
        get: (name) => agents!.get(name),
        commandLine: (...line) => agents!.commandLine(...line),
        runsPreset: (command) => agents!.runsPreset(command),
      },
    },
  });
  const own = join(some.folder, 'agents');
  const environment = npmrc === '' ? { npm_config_registry: registry } : {};
  writeFileSync(join(some.folder, '.npmrc'), npmrc);
  agents = new Agents({ bundled, own, home: some.folder, searchPath, environment });
  const account = () => sandboxAccount({ environment: {}, uid: () => null });
  const open = () =>
    PresetImages.open({ ...some.parts, agents, account, named: () => Promise.resolve(named) });
  images = await open();
  const executor = await some.parts.executor('container');
  const told = async (kind: string) => {
    const { events } = await some.record.query({ filter: { kinds: [kind] }, limit: 50 });
    return events.toReversed();
  };
  return { ...some, images, open, executor, told, port: Number(new URL(registry).port) };
}

/** What a data folder has of work that is over. */
export const leftOf = (data: string) =>
  ['images', 'sandboxes', 'sessions'].flatMap((name) => {
    mkdirSync(join(data, name), { recursive: true });
    return readdirSync(join(data, name));
  });

/** A program of npm becomes an image, and an agent runs it from there. What is left then, which is to be nothing. */
export async function imageAtWork(container: (data: string) => Executor): Promise<string[]> {
  const wish = { preset: 'opencode', version: null, over: null } as const;
  const { images, folder, data, run, start, work, told, port } = await imageHouse(container);
  const source = repository(join(folder, 'project'), { a: 'x' });
  writeFileSync(
    join(folder, 'agents', 'maker.yaml'),
    'name: maker\ncommand: { preset: opencode }\nsandbox: { kind: container }\n',
  );
  const asked = {
    agent: 'maker',
    repository: source,
    input: { kind: 'request', text: 'Do it' },
  } as const;
  const refused = await problemOf(start(asked));
  expect(refused.code).toBe('not_found');
  expect(refused.mend).toContain('agents image opencode');
  expect(leftOf(data)).toEqual([]);

  const said = [];
  for await (const each of images.make(wish, operator, new AbortController().signal)) said.push(each);
  const last = said.at(-1);
  expect(said.length).toBeGreaterThan(2);
  if (last?.state !== 'made') throw new Error('no image was made');
  expect(last.image).toMatchObject({ preset: 'opencode', package: 'opencode-ai', version: '1.2.3' });
  expect(await images.newest('opencode')).toEqual(last.image);
  const [made] = await told('image.made');
  expect(made?.data).toMatchObject({ hosts: [{ host: 'registry.test', port }] });

  const session = await run(asked);
  expect(session.outcome).toMatchObject({ label: 'success' });
  expect(session.image).toBe(last.image.digest);
  expect(session.layers.find(({ id }) => id === 'container')?.detail).toContain('own system');
  await work.apply({ session: session.id, folder: source, branch: null }, operator);
  expect(readFileSync(join(source, 'made.txt'), 'utf8')).toMatch(/^by Do it\b.* apart$/s);
  git(source, 'status');
  return leftOf(data);
}
