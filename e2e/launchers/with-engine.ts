import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../../electron/base/find-program.ts';
import { startDocker, withoutEngine } from '../../electron/sandbox/testing/throw-away-engine.ts';
import { type NpmRegistry, startNpmRegistry } from '../stand-in-tools/npm-registry.ts';
import { test as base } from './app-test.ts';

/** What the agent `packed` runs, as its registry has it. */
export const packageOf = (version: string) => ({
  name: 'opencode-ai',
  version,
  program: 'opencode',
  text: 'process.exit(0);',
});

interface Containers {
  readonly registry: NpmRegistry;
}

/** Why nothing of this can be tried here; empty: it can. */
async function withoutContainers(): Promise<string> {
  const npm = await findProgram('npm', process.env['PATH']);
  return withoutEngine('dockerd') ?? (npm === undefined ? 'there is no npm' : '');
}

/** Puts variables into this process, whose children have them; the returned function puts back what there was. */
function takeOn(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}

/** With an engine of containers and a registry of packages that the program finds, and an agent whose image is made. */
export const test = base.extend<{ containers: Containers }>({
  // oxlint-disable-next-line no-empty-pattern -- the runner reads from it that nothing is needed
  containers: async ({}, provide) => {
    const reason = await withoutContainers();
    test.skip(reason !== '', reason);
    const [engine, registry] = await Promise.all([startDocker(), startNpmRegistry(packageOf('1.2.3'))]);
    const home = await mkdtemp(path.join(tmpdir(), 'holdfast-e2e-home-'));
    await writeFile(path.join(home, '.npmrc'), `registry=${registry.url}\n`);
    const leave = takeOn({
      ...engine.environment,
      HOME: home,
      npm_config_userconfig: path.join(home, '.npmrc'),
    });
    await provide({ registry });
    leave();
    registry.close();
    await engine.stop();
    await rm(home, { recursive: true });
  },
  app: async ({ containers, app }, provide) => {
    const agents = path.join(app.data, 'configuration/holdfast/agents');
    await mkdir(agents, { recursive: true });
    const declared = { name: 'packed', command: { preset: 'opencode' }, sandbox: { kind: 'container' } };
    // What is JSON is YAML as well.
    await writeFile(path.join(agents, 'packed.yaml'), JSON.stringify(declared));
    // It was started after them, and finds them.
    await provide(containers && app);
  },
});
