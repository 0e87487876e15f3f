import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeContainerExecutor } from '../sandbox/testing/container-executor.ts';
import { startPodman, type ThrowAwayEngine, withoutEngine } from '../sandbox/testing/throw-away-engine.ts';
import { asksInContainer } from './testing/asking-in-container.ts';
import { imageAtWork, withoutNpm } from './testing/image-house.ts';

const why = withoutEngine('podman');

describe.skipIf(why !== null)(
  `command agents in Podman’s containers${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let podman: ThrowAwayEngine;
    beforeAll(async () => {
      podman = await startPodman();
    });
    afterAll(() => podman.stop());
    const container = (data: string) => makeContainerExecutor(podman, data);

    test('models are asked on its own loopback, and neither key nor token is in what the engine tells', async () => {
      expect(await asksInContainer(podman.socket, container)).toBe(1);
    });

    test.skipIf(withoutNpm !== null)(
      'a program of npm becomes an image, and an agent runs it from there',
      { timeout: 60_000 },
      async () => {
        expect(await imageAtWork(container)).toEqual([]);
      },
    );
  },
);
