import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { Agents } from '../agents/agents.ts';
import { findProgram } from '../base/find-program.ts';
import { newId } from '../base/ids.ts';
import { systemClock } from '../base/clock.ts';
import { sandboxAccount } from '../sandbox/sandbox-account.ts';
import { makeContainerExecutor } from '../sandbox/testing/container-executor.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../sandbox/testing/throw-away-engine.ts';
import { type ImageWish, PresetImages } from './preset-images.ts';
import { npmRegistry } from './testing/npm-registry.ts';
import { operator } from './testing/some-sessions.ts';
import { git, problemOf, repository, someWork } from './testing/some-work.ts';

const searchPath = '/usr/local/bin:/usr/bin:/bin';
const isNpm = (await findProgram('npm', searchPath)) !== undefined;
const why = withoutEngine('dockerd') ?? (isNpm ? null : 'there is no npm below /usr');
const bundled = fileURLToPath(new URL('../../resources/agents', import.meta.url));
const never = new AbortController().signal;

const tiny = {
  name: 'opencode-ai',
  version: '1.2.3',
  program: 'opencode',
  text: `require('node:fs').writeFileSync('made.txt', 'by ' + process.argv.at(-1) + ' ' + require('./here.json'));`,
  // A script of the package runs inside, and reaches nothing but the registry.
  postinstall: `node -e "fetch('http://elsewhere.test:1/').then(() => 'reached', () => 'apart').then((said) => fs.writeFileSync('here.json', JSON.stringify(said)))"`,
};

describe.skipIf(why !== null)(
  `images of known agents${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let docker: ThrowAwayEngine;
    beforeAll(async () => {
      docker = await startDocker();
    });
    afterAll(() => docker.stop());

    /** Command agents whose images are made from a registry with one package. */
    async function imageHouse({ registry = '', npmrc = '' } = {}) {
      registry ||= await npmRegistry(tiny);
      let images: PresetImages | undefined;
      let agents: Agents | undefined;
      const some = await someWork({
        container: (data) => makeContainerExecutor(docker, data),
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
      const open = () => PresetImages.open({ ...some.parts, agents, account });
      images = await open();
      const executor = await some.parts.executor('container');
      const told = async (kind: string) => {
        const { events } = await some.record.query({ filter: { kinds: [kind] }, limit: 50 });
        return events.toReversed();
      };
      return { ...some, images, open, executor, told, port: Number(new URL(registry).port) };
    }

    const wish = (version: string | null): ImageWish => ({ preset: 'opencode', version, over: null });
    const left = (data: string) =>
      ['images', 'sandboxes', 'sessions'].flatMap((name) => {
        mkdirSync(join(data, name), { recursive: true });
        return readdirSync(join(data, name));
      });

    test(
      'a program of npm becomes an image, and an agent runs it from there',
      { timeout: 60_000 },
      async () => {
        const { images, folder, data, run, start, work, told, port } = await imageHouse();
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
        expect(refused).toMatchObject({
          code: 'not_found',
          mend: expect.stringContaining('agents image opencode'),
        });
        expect(left(data)).toEqual([]);

        const said = [];
        for await (const each of images.make(wish(null), operator, never)) said.push(each);
        const last = said.at(-1);
        expect(said.length).toBeGreaterThan(2);
        if (last?.state !== 'made') throw new Error('no image was made');
        expect(last.image).toMatchObject({ preset: 'opencode', package: 'opencode-ai', version: '1.2.3' });
        expect(await images.newest('opencode')).toEqual(last.image);
        const [made] = await told('image.made');
        expect(made?.data).toMatchObject({ hosts: [{ host: 'registry.test', port }] });

        const session = await run(asked);
        expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
        expect(session.image).toBe(last.image.digest);
        expect(session.layers.find(({ id }) => id === 'container')?.detail).toContain('own system');
        await work.apply({ session: session.id, folder: source, branch: null }, operator);
        expect(readFileSync(join(source, 'made.txt'), 'utf8')).toMatch(/^by Do it\b.* apart$/s);
        git(source, 'status');
        expect(left(data)).toEqual([]);
      },
    );

    test(
      'what cannot be installed, is given up or was killed leaves nothing',
      { timeout: 60_000 },
      async () => {
        const { images, open, data, record, executor, told } = await imageHouse();
        const containers = async () => (await executor.reconcile()).removed;
        const whole = async (stream: AsyncIterable<unknown>) => {
          for await (const each of stream) void each;
        };
        const failed = await problemOf(whole(images.make(wish('9.9.9'), operator, never)));
        expect(failed.message).toMatch(/npm could not install opencode-ai: .*9\.9\.9/s);
        for await (const each of images.make(wish(null), operator, never)) {
          expect(each.state).toBe('working');
          break;
        }
        expect(await told('image.failed')).toHaveLength(2);
        expect(await containers()).toEqual([]);
        expect(left(data)).toEqual([]);

        const intent = { preset: 'opencode', package: 'opencode-ai', version: null, over: null } as const;
        await record.append({ kind: 'image.begun', actor: operator, data: intent });
        const folder = join(data, 'images', 'half');
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, 'file'), 'half');
        const session = newId('session', systemClock.now());
        const about = { preset: 'opencode' };
        const layer = { session, over: null, folder, programs: {}, name: 'localhost/holdfast/half:1', about };
        const { digest } = await executor.images!.addLayer(layer, never);
        expect(await executor.images!.has(digest)).toBe(true);
        const again = await open();
        expect(await executor.images!.has(digest)).toBe(false);
        expect(left(data)).toEqual([]);
        const [last] = (await told('image.failed')).slice(-1);
        expect(last?.data).toMatchObject({ reason: expect.stringMatching(/killed/) });
        expect(await again.newest('opencode')).toBeNull();
        await again.close();
      },
    );

    test('a token of the person’s .npmrc opens a scope’s registry, and neither scripts nor layers have it', async () => {
      const [token, wrong] = ['npm_the-token-of-sam-0123456789', 'npm_a-word-that-is-wrong-987654'];
      const codex = {
        name: '@openai/codex',
        version: '4.5.6',
        program: 'codex',
        text: '',
        postinstall: `test ! -e /run/secrets/npmrc && node -e "fs.writeFileSync('ran', 'its'.concat('-scripts-ran'))"`,
        token,
      };
      const registry = await npmRegistry(codex);
      const place = registry.replace('http:', '');
      const npmrc = (shown: string) =>
        `registry=https://registry.test/\n@openai:registry=${registry}\n${place}:_authToken=${shown}\n`;
      const { images, folder, data } = await imageHouse({ registry, npmrc: npmrc(wrong) });
      const make = async () => {
        const stream = images.make({ preset: 'codex', version: null, over: null }, operator, never);
        for await (const each of stream) if (each.state === 'made') return each.image;
        throw new Error('no image was made');
      };
      const refused = await problemOf(make());
      expect(refused.message).toMatch(
        /npm could not install @openai\/codex: .*Nobody has the token Bearer …/s,
      );
      writeFileSync(join(folder, '.npmrc'), npmrc(token));
      expect(await make()).toMatchObject({ package: '@openai/codex', version: '4.5.6' });
      rmSync(join(folder, '.npmrc'));
      const foundIn = (where: string, words: string) =>
        spawnSync('grep', ['-rlaF', '-D', 'skip', words, where], { encoding: 'utf8' }).stdout;
      expect(foundIn(docker.folder, 'its-scripts-ran')).not.toBe('');
      expect(foundIn(data, 'Nobody has the token')).not.toBe('');
      for (const secret of [token, wrong]) {
        expect(foundIn(data, secret) + foundIn(docker.folder, secret)).toBe('');
      }
    });

    test('older images are listed and removed; the newest and what something uses stay', async () => {
      const { images, record, executor, told, folder } = await imageHouse();
      const made = async (version: string, over: string | null = null) => {
        const about = { preset: 'opencode', package: 'opencode-ai' } as const;
        const session = newId('session', systemClock.now());
        const place = join(folder, `layer-${version}`);
        mkdirSync(place);
        writeFileSync(join(place, 'version'), version);
        const name = `localhost/holdfast/opencode:${version}`;
        const wanted = { session, over, folder: place, programs: {}, name, about };
        const { digest, bytes, engine } = await executor.images!.addLayer(wanted, never);
        const data = { ...about, version, digest, bytes, over, engine, seconds: 1, hosts: [] };
        await record.append({ kind: 'image.made', actor: operator, data });
        return digest;
      };
      const [unused, named, below, gone] = [
        await made('1'),
        await made('2'),
        await made('3'),
        await made('4'),
      ];
      const newest = await made('5', below);
      await executor.images!.remove(gone);
      writeFileSync(
        join(folder, 'agents', 'old.yaml'),
        'name: old\ncommand: { argv: [opencode] }\nsandbox: { kind: container, image: localhost/holdfast/opencode:2 }\n',
      );
      const kept = await images.kept('opencode');
      expect(kept.map(({ version, newest: is, usedBy }) => [version, is, usedBy])).toEqual([
        ['5', true, []],
        ['3', false, []],
        ['2', false, ['the agent “old”']],
        ['1', false, []],
      ]);
      expect(kept.at(-1)).toMatchObject({ digest: unused, bytes: 1 });
      const wanted = { preset: null, dryRun: true };
      const would = await images.prune(wanted, operator);
      expect(would.removed.map(({ version }) => version)).toEqual(['3', '1']);
      expect([...(await told('image.chosen')), ...(await told('image.removed'))]).toEqual([]);

      const done = await images.prune({ ...wanted, dryRun: false }, operator);
      expect(done.removed.map(({ digest }) => digest)).toEqual([unused]);
      expect(done.kept.map((one) => [one.image.digest, one.why])).toEqual([
        [named, 'used by the agent “old”'],
        [below, 'a container or another image uses it'],
      ]);
      const has = (digest: string) => executor.images!.has(digest);
      expect(await Promise.all([unused, named, below, newest].map(has))).toEqual([false, true, true, true]);
      const removed = (await told('image.removed')).map(({ data }) => data);
      expect(removed).toMatchObject([
        { digest: gone, found: false },
        { digest: unused, found: true },
      ]);
      expect((await told('image.chosen')).map(({ data }) => data)).toEqual([{ digests: [below, unused] }]);
      expect((await images.newest('opencode'))?.digest).toBe(newest);
      expect(await images.kept('codex')).toEqual([]);
    });

    test('an agent without a package is refused at once', async () => {
      const { images, told } = await imageHouse();
      const scripts = images.make({ ...wish(null), preset: 'script' }, operator, never);
      await expect(scripts.next()).rejects.toThrow(Problem);
      expect(await told('image.begun')).toEqual([]);
    });
  },
);
