import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from '../sessions/testing/some-work.ts';
import { key, type RealAgent, realAgents, triedAgent } from './testing/real-agents.ts';
import { handedOverFromInside, handedOverFromOutside, isOffered } from './testing/real-agents-mcp.ts';

/** `HOLDFAST_REAL_AGENTS`: 1 installs them from npm, a folder is one where npm has installed them. */
const wanted = process.env['HOLDFAST_REAL_AGENTS'] ?? '';
const onPath = (program: string) =>
  (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });

/** Why one is not tried; null: it is. Of those that are here, one is enough every time. */
function untried({ program }: RealAgent): string | null {
  if (wanted !== '') return null;
  if (!onPath(program)) return `${program} is not on this machine, and HOLDFAST_REAL_AGENTS=1 would fetch it`;
  const first = realAgents.find((agent) => onPath(agent.program));
  return first?.program === program ? null : `${first?.program} is; HOLDFAST_REAL_AGENTS=1 tries all of them`;
}

let installed: string | null = null;
beforeAll(() => {
  if (wanted !== '1') return;
  const prefix = mkdtempSync(join(tmpdir(), 'holdfast-real-agents-'));
  installed = prefix;
  chmodSync(prefix, 0o755);
  const packages = realAgents.map((agent) => agent.package);
  // Two of them fetch themselves in a script of theirs, which this repository’s own settings let nobody run.
  const how = ['install', '--ignore-scripts=false', '--prefix', prefix];
  const { status, stderr } = spawnSync('npm', [...how, ...packages], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm could not install them: ${stderr}`);
}, 600_000);
afterAll(() => {
  if (installed !== null) rmSync(installed, { recursive: true, force: true });
});

/** Where npm put their programs; null: where the search path has them. */
function programs(): string | null {
  const prefix = installed ?? (wanted === '1' ? '' : wanted);
  return prefix === '' ? null : join(prefix, 'node_modules/.bin');
}

for (const agent of realAgents) {
  const why = untried(agent);
  const not = why === null ? '' : `, not tried here: ${why}`;
  test.skipIf(why !== null)(
    `${agent.preset} does what it is told in a clone, and what it wrote is applied${not}`,
    async () => {
      const { made, collected, keys, kept } = await triedAgent(agent, {
        repository,
        from: programs(),
        container: null,
      });
      expect(collected).toMatchObject({ files: 1, untracked: 1 });
      expect(made).toBe(`written by ${agent.preset}`);
      // Each question was asked with the key, which nothing that is kept says.
      expect(keys.length).toBeGreaterThan(1);
      expect(new Set(keys)).toEqual(new Set([key]));
      expect(kept).not.toContain(key);
      expect(kept).toContain(`${agent.program}${agent.wire === 'gemini' ? ' has [secret]' : ''}`);
    },
    120_000,
  );
  test.skipIf(why !== null)(
    `${agent.preset} hands over a goal by MCP, from its sandbox${isOffered(agent) ? ' and as a program of this machine' : ''}${not}`,
    async () => {
      const outside = isOffered(agent) && { client: await handedOverFromOutside(agent, programs()) };
      const inside = await handedOverFromInside(agent, programs(), repository);
      for (const [by, { called, results, said }] of Object.entries({ ...outside, agent: inside })) {
        const program = expect.stringContaining(agent.program) as string;
        expect(called, said).toEqual([{ tool: 'submit_goal', by, program }]);
        expect(results).toEqual(['handed over\n']);
      }
    },
    120_000,
  );
}
