import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { newId } from '../base/ids.ts';
import { systemClock } from '../base/clock.ts';
import { makeContainerExecutor } from '../sandbox/testing/container-executor.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../sandbox/testing/throw-away-engine.ts';
import type { ImageWish } from './preset-images.ts';
import { imageAtWork, imageHouse, leftOf, withoutNpm } from './testing/image-house.ts';
import { npmRegistry } from './testing/npm-registry.ts';
import { operator } from './testing/some-sessions.ts';
import { problemOf } from './testing/some-work.ts';

const why = withoutEngine('dockerd') ?? withoutNpm;
const never = new AbortController().signal;

describe.skipIf(why !== null)(
  `images of known agents${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let docker: ThrowAwayEngine;
    beforeAll(async () => {
      docker = await startDocker();
    });
    afterAll(() => docker.stop());
    const container = (data: string) => makeContainerExecutor(docker, data);

    const wish = (version: string | null): ImageWish => ({ preset: 'opencode', version, over: null });
    test(
      'a program of npm becomes an image, and an agent runs it from there',
      { timeout: 60_000 },
      async () => {
        expect(await imageAtWork(container)).toEqual([]);
      },
    );

    test(
      'what cannot be installed, is given up or was killed leaves nothing',
      { timeout: 60_000 },
      async () => {
        const { images, open, data, record, executor, told } = await imageHouse(container);
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
        expect(leftOf(data)).toEqual([]);

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
        expect(leftOf(data)).toEqual([]);
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
      const { images, folder, data } = await imageHouse(container, { registry, npmrc: npmrc(wrong) });
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
      const named = [{ image: 'localhost/holdfast/opencode:0', by: 'the role “boxed”' }];
      const { images, record, executor, told, folder } = await imageHouse(container, { named });
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
      const ofRole = await made('0');
      const [unused, tagged, below, gone] = [
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
        ['0', false, ['the role “boxed”']],
      ]);
      expect(kept.at(-2)).toMatchObject({ digest: unused, bytes: 1 });
      const wanted = { preset: null, dryRun: true };
      const would = await images.prune(wanted, operator);
      expect(would.removed.map(({ version }) => version)).toEqual(['3', '1']);
      expect([...(await told('image.chosen')), ...(await told('image.removed'))]).toEqual([]);

      const done = await images.prune({ ...wanted, dryRun: false }, operator);
      expect(done.removed.map(({ digest }) => digest)).toEqual([unused]);
      expect(done.kept.map((one) => [one.image.digest, one.why])).toEqual([
        [tagged, 'used by the agent “old”'],
        [ofRole, 'used by the role “boxed”'],
        [below, 'a container or another image uses it'],
      ]);
      const has = (digest: string) => executor.images!.has(digest);
      const left = await Promise.all([unused, tagged, ofRole, below, newest].map(has));
      expect(left).toEqual([false, true, true, true, true]);
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
      const { images, told } = await imageHouse(container);
      const scripts = images.make({ ...wish(null), preset: 'script' }, operator, never);
      await expect(scripts.next()).rejects.toThrow(Problem);
      expect(await told('image.begun')).toEqual([]);
    });
  },
);
