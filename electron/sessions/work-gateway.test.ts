import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { askModels, key, modelGateway } from './testing/model-gateway.ts';
import { operator } from './testing/some-sessions.ts';
import { give, problemOf, repository } from './testing/some-work.ts';

const bash = '/bin/bash';
const question = {
  model: 'stand-in/one',
  max_tokens: 500,
  stream: true,
  messages: [{ role: 'user', content: 'What is the word?' }],
};
const said = { text: 'tide', usage: { input: 100, output: 20, cacheRead: 0, cacheWrite: 0 } };

async function asking(script: string, more: object = {}, answers = [said, said, said, said]) {
  const house = await modelGateway(answers);
  const { folder, declareAgent } = house;
  const [source, out] = [repository(join(folder, 'project'), { a: 'x' }), join(folder, 'out')];
  mkdirSync(out);
  give(out);
  const mounts = [{ source: out, target: '/out', read_only: false }];
  const { gateway = {}, ...others } = more as { gateway?: object };
  declareAgent({ name: 'asker', command: { argv: [bash, '-c', script], gateway, mounts }, ...others });
  const wrote = (name: string) => readFileSync(join(out, name), 'utf8');
  return { ...house, wrote, wish: { agent: 'asker', repository: source } };
}

test('it asks models on its own loopback; the key is nowhere inside, and nothing else can be reached', async () => {
  const { run, wish, wrote, events, server, vault } = await asking(
    // The model that its file fixes answers, whatever it asks for.
    `${askModels({ ...question, model: 'some-other' })}
     ask "$HOLDFAST_GATEWAY_TOKEN" >/out/answer; ask nobody >/out/refused
     (exec 4<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT example.org:443 HTTP/1.1\\r\\n\\r\\n' >&4; cat <&4) >/out/elsewhere
     { env; cat /proc/*/environ /proc/*/cmdline; grep -rhs '' /run /tmp /holdfast "$HOME"; } >/out/all 2>/dev/null
     echo "my token is $HOLDFAST_GATEWAY_TOKEN"`,
    { gateway: { model: 'stand-in/one' } },
  );
  const session = await run(wish);
  expect(session.outcome, JSON.stringify(session.outcome)).toMatchObject({ label: 'success' });
  expect(wrote('answer')).toMatch(/^HTTP\/1\.1 200 OK[^]*text\/event-stream[^]*"text":"tide"/);
  expect(wrote('refused')).toMatch(/^HTTP\/1\.1 401 [^]*authentication_error/);
  expect(wrote('elsewhere')).toMatch(/^HTTP\/1\.1 403 /);
  const all = wrote('all');
  expect(all).toContain('HOLDFAST_GATEWAY_TOKEN=hfs_');
  expect(all).not.toContain(key);
  expect(session.rights.filter((right) => right.startsWith('network'))).toEqual([]);
  expect(server.requests).toMatchObject([{ model: 'one' }]);
  expect(server.requests[0]?.headers['x-api-key']).toBe(vault.get('stand-in.key'));
  const told = await events(session.id);
  expect(told.filter(({ kind }) => kind.startsWith('model.'))).toMatchObject([
    { kind: 'model.requested', scope: { agent: 'asker', session: session.id } },
    { kind: 'model.called', data: { inputTokens: 100, outputTokens: 20, passed: true, cost: 400 } },
  ]);
  const token = /HOLDFAST_GATEWAY_TOKEN=(\S+)/.exec(all)?.[1] ?? '';
  expect(JSON.stringify(told)).not.toContain(token);
});

test('its agent’s budget refuses the next call in the words of its wire, and the session says why it failed', async () => {
  const { run, start, declareAgent, wish, wrote, server } = await asking(
    `${askModels(question)}
     ask "$HOLDFAST_GATEWAY_TOKEN" >/out/first; ask "$HOLDFAST_GATEWAY_TOKEN" >/out/second
     grep -q tide /out/second`,
    { budget_config: { max_tokens: 400 } },
  );
  const session = await run(wish);
  expect(wrote('first')).toContain('"text":"tide"');
  expect(wrote('second')).toMatch(/^HTTP\/1\.1 402 [^]*billing_error[^]*budget of the agent asker/);
  expect(session.outcome).toMatchObject({ label: 'budget_exhausted', code: 1 });
  expect(session.outcome?.reason).toContain('budget of the agent asker');
  expect(server.requests).toHaveLength(1);
  // A model that nobody has is refused before anything is made.
  declareAgent({ name: 'asker', command: { argv: ['true'], gateway: { model: 'nobody/none' } } });
  expect((await problemOf(start(wish))).code).toBe('not_found');
});

test('a raised budget lets the session that is at work go on', async () => {
  const { start, ended, work, wish, wrote, events, sessions } = await asking(
    `${askModels(question)}
     until grep -q tide /out/answer 2>/dev/null; do ask "$HOLDFAST_GATEWAY_TOKEN" >/out/new; mv /out/new /out/answer; done`,
    { budget_config: { max_tokens: 50 } },
  );
  const { id } = await start(wish);
  const isRefused = () => {
    try {
      return wrote('answer').includes('billing_error');
    } catch {
      return false;
    }
  };
  while (!isRefused()) await new Promise((resolve) => setTimeout(resolve, 5));
  await work.raise(id, { tokens: 5000 }, operator);
  expect((await ended(id)).outcome).toMatchObject({ label: 'success' });
  expect((await events(id)).find(({ kind }) => kind === 'session.changed')).toMatchObject({
    data: { budget: { tokens: 5000, micros: null } },
  });
  expect(sessions.get(id).state).toBe('ended');
  expect((await problemOf(work.raise(id, { tokens: 6000 }, operator))).code).toBe('conflict');
});
