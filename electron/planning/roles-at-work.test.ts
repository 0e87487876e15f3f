import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startModelStandIn } from '../../e2e/stand-in-models/stand-in.ts';
import type { Scripted } from '../../e2e/stand-in-models/scripted.ts';
import type { Params } from '../../shared/plan.ts';
import { planSchema } from '../../shared/plan.ts';
import { systemClock } from '../base/clock.ts';
import { Budgets } from '../models/budgets.ts';
import { KnownModels } from '../models/known-models.ts';
import { ModelCalls } from '../models/model-calls.ts';
import { Providers } from '../models/providers.ts';
import { bundled } from '../models/testing/model-house.ts';
import {
  givenFolder,
  partLife,
  partPlace,
  someOrder,
  someRun,
  unheard,
  never,
} from '../sessions/testing/parts-of-runs.ts';
import { someCeiling, somePlanning } from './testing/some-planning.ts';

/** Bundled roles as parts of a run, in real sandboxes, with a model that speaks the true wire format. */
async function rolesAtWork(answer: (given: { answers: number; output: string; input: string }) => Scripted) {
  const folder = partPlace();
  const given = givenFolder(folder);
  const input = join(given, 'input.md');
  writeFileSync(input, 'The tide turns at six.\n');
  const run = someRun(folder);
  const output = join(run.runFolder, 'left.md');
  const server = await startModelStandIn({
    models: ['one'],
    answer: ({ messages }) =>
      answer({ answers: messages.filter(({ role }) => role === 'assistant').length, output, input }),
  });
  onTestFinished(() => server.close());
  const own = join(folder, 'models.yaml');
  const provider = { title: 'Here', wire: 'chat', base_url: server.openai, local: true };
  writeFileSync(own, JSON.stringify({ providers: { here: provider } }));
  const known = await KnownModels.read({ bundled, own });
  const { subtasks, record } = await partLife(folder, {
    models: (of) =>
      new ModelCalls({
        record: of,
        known,
        providers: new Providers(of, { get: () => undefined }, known),
        budgets: new Budgets(of, systemClock),
        clock: systemClock,
        random: () => 0,
        fetch: globalThis.fetch,
      }),
  });
  await record.append({
    kind: 'setting.changed',
    actor: { kind: 'operator' },
    data: { key: 'models.default', value: 'here/one' },
  });
  const { planning } = somePlanning();
  const roles = await planning.roles.usable();
  const work = async (role: string, params: Params) => {
    const plan = planSchema.parse({ subtasks: [{ id: role, role, params }] });
    const ceiling = someCeiling({ folders: [{ path: given, mode: 'review' }], approvals: 'boundaries' });
    const { problems, parts } = planning.check(plan, roles, ceiling, { runFolder: run.runFolder });
    expect(problems).toEqual([]);
    const [part] = parts;
    const { agents, message, folders, hosts, outputs } = part!;
    const order = someOrder(run, { name: role, agent: agents[0]!, message, folders, hosts });
    return { end: await subtasks.carry(order, unheard, never), outputs, asked: server.requests.at(-1)! };
  };
  return { work, input, given, output, server };
}

const writes = ({ answers, output, input }: { answers: number; output: string; input: string }): Scripted =>
  answers === 0
    ? { calls: [{ tool: 'file_read', input: { path: input } }] }
    : answers === 1
      ? { calls: [{ tool: 'file_write', input: { path: output, content: 'At six.' } }] }
      : { text: 'It says: at six.' };

const cases = (input: string, output: string, folder: string): Readonly<Record<string, Params>> => ({
  writer: { inputs: [input], output, title: 'Tides' },
  analyzer: { inputs: [input], output, question: 'When?' },
  reviewer: { folder, output, question: 'Is it right?' },
  builder: { folder, output, task: 'Say when.' },
  generalist: { task: 'Say when, in a file.', output },
});

test('each bundled role that needs a model reads, leaves its file and answers, asking nobody', async () => {
  const { work, input, given, output } = await rolesAtWork(writes);
  for (const [role, params] of Object.entries(cases(input, output, given))) {
    const { end, outputs, asked } = await work(role, params);
    expect(end, role).toMatchObject({ outcome: { label: 'success' }, answer: 'It says: at six.' });
    expect(outputs).toEqual([output]);
    expect(readFileSync(output, 'utf8')).toBe('At six.');
    expect(asked.messages[0]?.text).toContain(params['task'] ?? params['question'] ?? params['title']);
    const results = asked.messages.flatMap((message) => message.results);
    expect(
      results.filter(({ failed }) => failed),
      role,
    ).toEqual([]);
    expect(results[0]?.text).toContain('The tide turns at six.');
  }
});

test('a writer that only says what it would write is told to write it', async () => {
  const { work, input, output, server } = await rolesAtWork(({ answers, ...given }) =>
    answers === 0 ? { text: 'Here is the document: at six.' } : writes({ answers, ...given }),
  );
  const { end } = await work('writer', { inputs: [input], output, title: 'Tides' });
  expect(end.outcome.label).toBe('success');
  expect(readFileSync(output, 'utf8')).toBe('At six.');
  expect(server.requests).toHaveLength(3);
});

test('a writer is refused what it was not given, whatever it asks for', async () => {
  const { work, input, given, output } = await rolesAtWork(({ answers, ...asked }) =>
    answers === 0
      ? {
          calls: [
            { tool: 'file_read', input: { path: '/etc/hostname' } },
            { tool: 'file_write', input: { path: asked.input, content: 'x' } },
            { tool: 'exec', input: { command: 'id' } },
          ],
        }
      : writes({ answers: answers, ...asked }),
  );
  const { end, asked } = await work('writer', { inputs: [input], output, title: 'Tides' });
  expect(end.outcome.label).toBe('success');
  const results = asked.messages.flatMap((message) => message.results);
  expect(results.map(({ failed }) => failed)).toEqual([true, true, true, false]);
  expect(readFileSync(join(given, 'input.md'), 'utf8')).toBe('The tide turns at six.\n');
});
