import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeContainerExecutor } from '../sandbox/testing/container-executor.ts';
import { startDocker, type ThrowAwayEngine, withoutEngine } from '../sandbox/testing/throw-away-engine.ts';
import { askModels, key, modelGateway } from './testing/model-gateway.ts';
import { operator } from './testing/some-sessions.ts';
import { give, repository, someWork } from './testing/some-work.ts';

const why = withoutEngine('dockerd');

/** Everything that an engine tells of its containers, as `docker inspect` and `docker top` do. */
async function inspectedBy({ socket }: ThrowAwayEngine): Promise<string> {
  const asked = async (path: string) => {
    const sent = request({ socketPath: socket, path });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return text(response);
  };
  const containers = JSON.parse(await asked('/containers/json?all=1')) as { Id: string }[];
  const told = containers.map(async ({ Id }) => [
    await asked(`/containers/${Id}/json`),
    await asked(`/containers/${Id}/top?ps_args=-ef`),
    await asked(`/containers/${Id}/logs?stdout=1&stderr=1`),
  ]);
  return (await Promise.all(told)).flat().join('\n');
}

describe.skipIf(why !== null)(
  `command agents in containers${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    let docker: ThrowAwayEngine;
    beforeAll(async () => {
      docker = await startDocker();
    });
    afterAll(() => docker.stop());

    test('a container gets the clone, the inputs and the folders, commas and all, and keeps nothing', async () => {
      const { folder, data, declare, run, work, vault } = await someWork({
        container: (place) => makeContainerExecutor(docker, place),
      });
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
      const said = { text: 'tide' };
      const { folder, run, server, declareAgent } = await modelGateway([said], (place) =>
        makeContainerExecutor(docker, place),
      );
      const source = repository(join(folder, 'project'), { a: 'x' });
      const out = join(folder, 'out');
      mkdirSync(out);
      give(out);
      const question = { model: 'stand-in/one', max_tokens: 99, messages: [{ role: 'user', content: 'Hi' }] };
      declareAgent({
        name: 'asker',
        sandbox: { kind: 'container' },
        command: {
          argv: [
            '/bin/bash',
            '-c',
            `${askModels(question)}\nask "$HOLDFAST_GATEWAY_TOKEN" >/out/answer
            env >/out/env; until [ -e /out/looked ]; do sleep 0.05; done`,
          ],
          gateway: {},
          mounts: [{ source: out, target: '/out', read_only: false }],
        },
      });
      const running = run({ agent: 'asker', repository: source });
      const isThere = () => readdirSync(out).includes('env') && readFileSync(join(out, 'env'), 'utf8') !== '';
      while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 20));
      const inspected = await inspectedBy(docker);
      writeFileSync(join(out, 'looked'), '');
      const session = await running;
      expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
      expect(readFileSync(join(out, 'answer'), 'utf8')).toMatch(/^HTTP\/1\.1 200 [^]*tide/);
      const env = readFileSync(join(out, 'env'), 'utf8');
      const token = /HOLDFAST_GATEWAY_TOKEN=(\S+)/.exec(env)?.[1] ?? 'none';
      expect(token).toMatch(/^hfs_/);
      expect(inspected).toContain('holdfast');
      for (const secret of [key, token]) expect(inspected).not.toContain(secret);
      expect(env).not.toContain(key);
      expect(server.requests).toHaveLength(1);
    });
  },
);
