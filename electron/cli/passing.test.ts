import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expect, onTestFinished, test } from 'vitest';
import { startModelStandIn } from '../../e2e/stand-in-models/stand-in.ts';
import type { BudgetState } from '../../shared/contract/budgets.ts';
import type { Token } from '../../shared/contract/house.ts';
import type { Session } from '../../shared/session.ts';
import { askModels } from '../sessions/testing/model-gateway.ts';
import { repository } from '../sessions/testing/some-work.ts';
import { holdfast, startDaemon, testFolder } from './testing/launch.ts';

const question = { model: 'mine/one', max_tokens: 300, messages: [{ role: 'user', content: 'Hi' }] };
const usage = { input: 400, output: 200, cacheRead: 0, cacheWrite: 0 };

/** A daemon with a model that answers, and an agent that asks until it is answered. */
async function house() {
  const server = await startModelStandIn({
    key: 'a-very-secret-key',
    answer: () => ({ text: 'tide', usage }),
  });
  onTestFinished(() => server.close());
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const agents = join(folder, 'config', 'holdfast', 'agents');
  mkdirSync(agents, { recursive: true });
  const script = `${askModels(question)}; until ask "$HOLDFAST_GATEWAY_TOKEN" | grep tide; do sleep 0.05; done`;
  const command = { argv: ['/bin/bash', '-c', script], gateway: {} };
  writeFileSync(
    join(agents, 'asker.yaml'),
    stringify({ name: 'asker', command, budget_config: { max_tokens: 50 } }),
  );
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const { link } = await startDaemon({
    folder: data,
    variables: { XDG_CONFIG_HOME: join(folder, 'config') },
  });
  const provider = ['--provider', 'mine', '--wire', 'messages', '--base-url', server.url];
  const key = ['--key-from-env', 'THEIR_KEY', '--no-test'];
  const variables = { THEIR_KEY: 'a-very-secret-key' };
  expect((await holdfast(data, ['configure', ...provider, ...key], { variables })).code).toBe(0);
  return { folder, data, address: link.origin };
}

test('a token for models is made with its bound, and a session at work is given more to spend', async () => {
  const { folder, data, address } = await house();
  const authorization = `Bearer ${readFileSync(join(data, 'operator.token'), 'utf8').trim()}`;
  const told = async <Value>(path: string) =>
    (await (await fetch(`${address}/api${path}`, { headers: { authorization } })).json()) as Value;
  const create = (...more: string[]) => holdfast(data, ['token', 'create', 'app', ...more]);
  const [made, odd] = await Promise.all([
    create('--models', '--tokens', '1000', '--each', '1d'),
    create('--tokens', '5'),
  ]);
  expect([made.code, odd.code], made.stderr).toEqual([0, 2]);
  const token = (await told<Token[]>('/tokens')).find(({ name }) => name === 'app');
  const budget = { tokens: 1000, micros: null, periodSeconds: 86_400 };
  expect(token).toMatchObject({ caller: 'client', procedures: ['models.pass'], budget });
  const answer = await fetch(`${address}/models/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': made.stdout.trim(), 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  expect(await answer.text()).toContain('tide');
  const spent = async () =>
    (await told<BudgetState>('/budgets')).accounts.find(({ of }) => of === token?.id)?.tokens;
  while ((await spent())?.reserved !== 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await spent()).toEqual({ spent: 600, reserved: 0, limit: 1000 });

  const source = repository(join(folder, 'project'), { a: 'x' });
  const id = (await holdfast(data, ['run', 'asker', source, '--detach'])).stdout.trim();
  const raised = await holdfast(data, ['budgets', 'raise', id, '--tokens', '5000']);
  expect(raised.stdout, raised.stderr).toContain('has its new budget');
  const session = () => told<Session>(`/sessions/${id}`);
  while ((await session()).outcome === null) await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await session()).outcome).toMatchObject({ label: 'success' });
});
