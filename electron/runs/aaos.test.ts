import { expect, test } from 'vitest';
import { planSchema } from '../../shared/plan.ts';
import { somePlanning } from '../planning/testing/some-planning.ts';
import { type Script, ScriptedParts } from './testing/scripted-parts.ts';
import { operator, someRuns, whenOver, whenRun, wish } from './testing/some-runs.ts';

/** A role as it was written for aaOS. */
const worker = (name: string, more = '') => `
name: ${name}
model: deepseek-chat
model_ladder: [deepseek-chat, deepseek-reasoner]
parameters: { task: { type: string, required: true, description: What } }
message_template: '{task}'
${more}
`;

const roles = {
  'worker.yaml': worker('worker'),
  'urgent.yaml': worker('urgent', 'priority: 250'),
  'stubborn.yaml': worker('stubborn', 'retry: { max_attempts: 3, on: [timeout] }'),
  'leaver.yaml': `
name: leaver
parameters: { output: { type: path, required: true, description: Where } }
capabilities: ["file_write: {output}"]
message_template: Leave {output}
`,
};

type Part = { id: string; role?: string; params?: Record<string, unknown> } & Record<string, unknown>;

/** A plan written for aaOS, carried out with the real planning room; the test decides what becomes of each part. */
async function carried(subtasks: readonly Part[], script?: Script, ceiling: Record<string, unknown> = {}) {
  const { planning } = somePlanning({ roles });
  const { begin, events } = await someRuns(planning);
  const parts = new ScriptedParts(script);
  const runs = await begin(parts);
  const plan = planSchema.parse({
    subtasks: subtasks.map((each) => ({
      role: 'worker',
      params: { task: each.id },
      depends_on: [],
      ...each,
    })),
    final_output: '',
  });
  const { id } = await runs.submit(wish({ invocation: { kind: 'plan', plan }, ceiling }), operator);
  const kinds = async () => (await events(id)).map(({ kind }) => kind);
  return { runs, id, parts, events, kinds, over: () => whenOver(runs, id) };
}

const fails = { outcome: { label: 'work_failed', reason: 'No.' }, retry: 'tool_error' } as const;

test('aaOS: parts go in batches (mended: each begins the moment its own parents are done)', async () => {
  const { parts, over, runs, id } = await carried(
    [{ id: 'slow' }, { id: 'a' }, { id: 'after-a', depends_on: ['a'] }],
    ({ name }) => (name === 'slow' ? 'waits' : {}),
  );
  await whenRun(runs, id, ({ counts }) => counts.done === 2);
  expect([...parts.open.keys()]).toEqual(['slow']);
  parts.open.get('slow')?.end();
  expect((await over()).outcome?.label).toBe('success');
});

test('aaOS: siblings of what fails are let to their end', async () => {
  const { parts, over, runs, id } = await carried(
    [{ id: 'a' }, { id: 'b' }, { id: 'c', depends_on: ['a'] }],
    ({ name }) => (name === 'a' ? fails : 'waits'),
  );
  await whenRun(runs, id, ({ counts }) => counts.failed === 1);
  expect([...parts.open.keys()]).toEqual(['b']);
  parts.open.get('b')?.end();
  expect(await over()).toMatchObject({
    outcome: { label: 'work_failed' },
    counts: { done: 1, failed: 1, skipped: 1 },
  });
});

test('aaOS: each step away from a root takes a hop, and at none left a part is refused', async () => {
  const { over, parts, events, id } = await carried([
    { id: 'a', ttl: { max_hops: 2 } },
    { id: 'b', depends_on: ['a'], ttl: { max_hops: 2 } },
    { id: 'c', depends_on: ['b'], ttl: { max_hops: 2 } },
    { id: 'd', depends_on: ['c'] },
  ]);
  await over();
  expect(parts.begun).toEqual(['a', 'b']);
  const expired = (await events(id)).filter(({ kind }) => kind === 'subtask.expired');
  expect(expired.map(({ data }) => data)[0]).toEqual({ name: 'c', reason: 'hops_exhausted' });
});

test('aaOS: parameters are checked before anything begins (mended: nothing is on the record as begun, and all is told)', async () => {
  await expect(
    carried([{ id: 'a' }, { id: 'b', params: { tsak: 'x' } }, { id: 'c', params: { task: 3 } }]),
  ).rejects.toMatchObject({
    message: expect.stringMatching(/“b”: “task” is missing\.[\s\S]*“c”: “task” must be text\./) as string,
  });
});

test('aaOS: a declared file that is not there is told, and is no failure unless its role says so', async () => {
  const { over, kinds } = await carried([{ id: 'a', role: 'leaver', params: { output: '{run}/left.md' } }]);
  expect((await over()).outcome?.label).toBe('success');
  expect(await kinds()).toContain('subtask.output_missing');
});

test('aaOS: retry.on and priority are read and do nothing (mended: both hold)', async () => {
  const { over, parts } = await carried(
    [
      { id: 'late' },
      { id: 'first', role: 'urgent' },
      { id: 'timed', role: 'stubborn' },
      { id: 'broken', role: 'stubborn' },
    ],
    ({ name }, nth) => {
      if (name === 'broken') return fails;
      if (name === 'timed' && nth < 3) {
        return { outcome: { label: 'timed_out', reason: 'It took too long.' }, retry: 'timeout' };
      }
      return {};
    },
    { concurrency: 1 },
  );
  expect(await over()).toMatchObject({ counts: { done: 3, failed: 1 } });
  expect(parts.begun[0]).toBe('first');
  expect(parts.begun.filter((name) => name === 'timed')).toHaveLength(3);
  expect(parts.begun.filter((name) => name === 'broken')).toHaveLength(1);
});
