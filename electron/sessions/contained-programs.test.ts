import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newId } from '../base/ids.ts';
import { Problem } from '../../shared/problem.ts';
import { containedPrograms } from './contained-programs.ts';
import { ScriptedExecutor } from './testing/scripted-executor.ts';
import { never, someSessions, testFolder } from './testing/some-sessions.ts';

test('a program whose sandbox fails is told that failure and no other, and holds no right', async () => {
  const executor = new ScriptedExecutor();
  const folder = testFolder();
  const { parts, tokens } = await someSessions({ executor, folder });
  const work = join(folder, 'work');
  mkdirSync(work);
  chmodSync(work, 0o755);
  for (const step of ['prepare', 'start', 'exec'] as const) {
    executor.failing = { step, failure: new Problem('unavailable', `It failed at ${step}.`) };
    const session = newId('session', new Date());
    const wish = { session, argv: ['true'], environment: {}, hosts: [], cwd: null };
    const folders = [{ path: work, mode: 'ro' as const }];
    const begun = containedPrograms(parts).run({ ...wish, folders }, never);
    await expect(begun).rejects.toThrow(`It failed at ${step}.`);
    expect(tokens.held(session)).toEqual([]);
  }
});
