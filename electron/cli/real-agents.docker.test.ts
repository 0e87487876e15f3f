import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../sandbox/testing/throw-away-engine.ts';
import { repository } from '../sessions/testing/some-work.ts';
import { key, realAgents, triedAgent } from './testing/real-agents.ts';

const wanted = process.env['HOLDFAST_REAL_AGENTS'] === '1';
const why = withoutEngine('dockerd') ?? (wanted ? null : 'HOLDFAST_REAL_AGENTS=1 would fetch them');

/** As this machine’s npm has it: what it names itself may be an address of a network of its own. */
const registry = () => spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).stdout.trim();

describe.skipIf(why !== null)(
  `real agents in containers${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let docker: ThrowAwayEngine;
    beforeAll(async () => {
      docker = await startDocker();
    });
    afterAll(() => docker.stop());

    test.each(realAgents)(
      '$preset comes from npm into an image, and does there what it is told',
      { timeout: 600_000 },
      async (agent) => {
        const { made, collected, keys } = await triedAgent(agent, {
          repository,
          from: null,
          container: { environment: { ...docker.environment, npm_config_registry: registry() } },
        });
        expect(collected).toMatchObject({ files: 1, untracked: 1 });
        expect(made).toBe(`written by ${agent.preset}`);
        expect(new Set(keys)).toEqual(new Set([key]));
      },
    );
  },
);
