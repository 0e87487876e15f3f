import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import type { Executor } from '../../sandbox/sandbox.ts';
import { askModels, key, modelGateway } from './model-gateway.ts';
import { give, repository } from './some-work.ts';

/** Everything that an engine tells of its containers, as `docker inspect` and `docker top` do. */
async function inspectedBy(socket: string): Promise<string> {
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

/** In a container it asks models on its own loopback, and neither key nor token is in what the engine tells. How often it asked. */
export async function asksInContainer(
  socket: string,
  container: (data: string) => Executor,
): Promise<number> {
  const said = { text: 'tide' };
  const { folder, run, server, declareAgent } = await modelGateway([said], container);
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
  const inspected = await inspectedBy(socket);
  writeFileSync(join(out, 'looked'), '');
  const session = await running;
  expect(session.outcome).toMatchObject({ label: 'success' });
  expect(readFileSync(join(out, 'answer'), 'utf8')).toMatch(/^HTTP\/1\.1 200 [^]*tide/);
  const env = readFileSync(join(out, 'env'), 'utf8');
  const token = /HOLDFAST_GATEWAY_TOKEN=(\S+)/.exec(env)?.[1] ?? 'none';
  expect(token).toMatch(/^hfs_/);
  expect(inspected).toContain('holdfast');
  for (const secret of [key, token]) expect(inspected).not.toContain(secret);
  expect(env).not.toContain(key);
  return server.requests.length;
}
