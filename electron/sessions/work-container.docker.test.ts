import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeContainerExecutor } from '../sandbox/testing/container-executor.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../sandbox/testing/throw-away-engine.ts';
import { asksInContainer } from './testing/asking-in-container.ts';
import { operator } from './testing/some-sessions.ts';
import { give, repository, someWork } from './testing/some-work.ts';

const why = withoutEngine('dockerd');

describe.skipIf(why !== null)(
  `command agents in containers${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let docker: ThrowAwayEngine;
    beforeAll(async () => {
      docker = await startDocker();
    });
    afterAll(() => docker.stop());
    const container = (data: string) => makeContainerExecutor(docker, data);

    test('a container gets the clone, the inputs and the folders, commas and all, and keeps nothing', async () => {
      const { folder, data, declare, run, work, vault } = await someWork({ container });
      const source = repository(join(folder, 'pro,ject'), { 'a.txt': 'one\n' });
      const tools = join(folder, 'tools, mine');
      mkdirSync(tools);
      writeFileSync(join(tools, 'tool'), '#!/bin/sh\necho "tool ran" >>"$1"\n', { mode: 0o755 });
      give(tools);
      await vault.set('key', 'a-secret-value');
      declare(
        'worker',
        `set -e; test "$(pwd) $HOME $(id -un)" = "/home/worker/repo /home/worker worker"
         test "$KEY" = "$(cat /run/secrets/key)"; grep -q 'Do it' "$HOLDFAST_INPUT"
         /home/worker/.tools/tool a.txt; echo kept >/home/worker/.tools/state; git status --porcelain`,
        `  credentials: [{ secret: key, variable: KEY }, { secret: key, file: key }]
  mounts: [{ source: "${tools}", target: /home/worker/.tools, read_only: false }]
sandbox: { kind: container }\n`,
      );
      const input = { kind: 'request', text: 'Do it.' } as const;
      const session = await run({ agent: 'worker', repository: source, input });
      expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
      expect(session).toMatchObject({ sandbox: 'container', work: { collected: { files: 1 }, kept: true } });
      expect((await work.difference(session.id, 'a.txt')).text).toContain('+tool ran');
      await work.apply({ session: session.id, folder: source, branch: null }, operator);
      expect(readFileSync(join(source, 'a.txt'), 'utf8')).toBe('one\ntool ran\n');
      expect(readFileSync(join(tools, 'state'), 'utf8')).toBe('kept\n');
      expect(readdirSync(join(data, 'sessions'))).toEqual([]);
      expect(readdirSync(join(data, 'sandboxes'))).toEqual([]);

      declare('stuck', `trap '' TERM; sleep 1000`, 'sandbox: { kind: container }\n');
      const late = await run({ agent: 'stuck', repository: source, seconds: 1 });
      expect(late.outcome).toMatchObject({ label: 'timed_out', code: 124 });
      declare('lost', 'true', 'sandbox: { kind: container, image: "nowhere.example/x:1" }\n');
      const lost = await run({ agent: 'lost', repository: source });
      expect(lost.outcome).toMatchObject({ label: 'infrastructure_failure', code: 6 });
      expect(readdirSync(join(data, 'sessions'))).toEqual([]);
    });

    test('in a container it asks models on its own loopback, and neither key nor token is in what the engine tells', async () => {
      expect(await asksInContainer(docker.socket, container)).toBe(1);
    });
  },
);
