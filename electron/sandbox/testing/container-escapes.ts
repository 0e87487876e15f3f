import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EscapePlace, makeEscapePlace } from './escapes/place.ts';
import { tryAll } from './escapes/try-all.ts';
import { openContainerHouse } from './container-executor.ts';
import { ran, type SandboxHouse } from './sandbox-house.ts';
import type { ThrowAwayEngine } from './throw-away-engine.ts';

/** Every attempt that namespaces withstand, tried in an engine's containers. */
export function withstandsEscapes(
  name: string,
  why: string | null,
  start: () => Promise<ThrowAwayEngine>,
): void {
  describe.skipIf(why !== null)(`${name}${why === null ? '' : `, not tried here: ${why}`}`, () => {
    let engine: ThrowAwayEngine;
    let house: SandboxHouse;
    let place: EscapePlace;
    beforeAll(async () => {
      engine = await start();
      house = await openContainerHouse(engine);
      place = await makeEscapePlace(house);
    });
    afterAll(async () => {
      await house.clear();
      await place.close();
      await house.close();
      await engine.stop();
    });

    test('nothing gets out of a container', { timeout: 120_000 }, async () => {
      const { tried, escaped } = await tryAll(house, place);
      expect(escaped).toEqual([]);
      expect(tried).toBeGreaterThan(70);
    });

    test('a fork bomb meets its limit, and no other container notices', async () => {
      const sandbox = await house.start({
        folders: [{ path: place.read, mode: 'ro' }],
        limits: { processes: 50 },
      });
      const other = await house.start();
      const bomb = await ran(sandbox, [place.probe, 'fork-bomb']);
      expect(bomb.out).toMatch(/^made \d+, errno 11\n$/);
      expect(Number(/\d+/.exec(bomb.out)?.[0])).toBeLessThan(60);
      expect((await ran(other, ['true'])).end).toEqual({ how: 'exited', code: 0 });
      expect((await ran(sandbox, ['true'])).end).toEqual({ how: 'exited', code: 0 });
    });
  });
}
