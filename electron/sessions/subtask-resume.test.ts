import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Interrupted } from '../agents/interrupted.ts';
import { soaking } from '../base/test-counts.ts';
import { dyingRecord } from './agents/testing/dying-record.ts';
import {
  partLife,
  partPlace,
  runner,
  scaffolded,
  someOrder,
  someRun,
  unheard,
} from './agents/testing/part-life.ts';
import { never, operator, until } from './agents/testing/some-agent-sessions.ts';

/** A part that joins two files, carried out by a life that dies after so many appends, and by the next. */
async function killedAfter(appends: number): Promise<{ died: boolean; sessions: number }> {
  const folder = partPlace();
  const run = someRun(folder);
  const inputs = ['one', 'two'].map((name) => join(run.runFolder, `${name}.md`));
  for (const path of inputs) writeFileSync(path, `in ${path}`, { mode: 0o644 });
  const output = join(run.runFolder, 'whole.md');
  const agent = scaffolded({ kind: 'assembler', inputs, output, title: 'Both' }, run.runFolder);
  const order = someOrder(run, { agent });
  const dying: { died?: Promise<void> } = {};
  const first = await partLife(folder, {
    through(record) {
      const { through, died } = dyingRecord(record, appends);
      dying.died = died;
      return through;
    },
  });
  const leaving = new AbortController();
  const carried = first.subtasks.carry(order, unheard, leaving.signal).then(
    () => false,
    () => true,
  );
  await Promise.race([carried, dying.died]);
  leaving.abort(new Interrupted('killed', true));
  const died = await carried;
  await first.close();

  const second = await partLife(folder);
  await second.sessions.resumed;
  const end = await second.subtasks.carry(order, unheard, never);
  expect(end).toMatchObject({ outcome: { label: 'success' }, answer: output });
  expect(readFileSync(output, 'utf8')).toMatch(/^# Both\n\n## one\.md\n/);
  // Nobody has told of its subtask yet: it is not done again.
  expect(await second.subtasks.carry(order, unheard, never)).toEqual(end);
  const sessions = second.sessions.list({ most: 10 });
  expect(sessions.map(({ activity }) => activity)).toEqual(sessions.map(() => 'ended'));
  const told = { name: 'part', ok: true };
  const scope = { run: order.run, subtask: order.subtask };
  await second.record.append({ kind: 'subtask.finished', actor: { kind: 'system' }, scope, data: told });
  expect((await second.subtasks.carry(order, unheard, never)).session).not.toBe(end.session);
  await second.close();
  return { died, sessions: sessions.length };
}

test('wherever it is killed, a part is gone on with in its own session, and told once', async () => {
  const places = soaking ? Array.from({ length: 12 }, (_, i) => i + 2) : [6, 9];
  for (const appends of places) expect((await killedAfter(appends)).sessions, `after ${appends}`).toBe(1);
}, 60_000);

test('a command of which nobody knows whether it ran waits for a person, and counts as asked', async () => {
  const folder = partPlace();
  const run = someRun(folder);
  const log = join(run.runFolder, 'log');
  const agent = scaffolded(runner(['sh', '-c', `echo once >>${log}`]), run.runFolder);
  const order = someOrder(run, { agent });
  const begun = Promise.withResolvers<void>();
  const dead = Promise.withResolvers<never>();
  dead.promise.catch(() => undefined);
  const first = await partLife(folder, {
    through: (record) => ({
      ...dyingRecord(record, Infinity).through,
      // The intent is on the disk, and then there is nothing more.
      async appendAll(drafts) {
        if (existsSync(log)) {
          begun.resolve();
          return dead.promise;
        }
        return record.appendAll(drafts);
      },
    }),
  });
  const leaving = new AbortController();
  const carried = first.subtasks.carry(order, unheard, leaving.signal);
  await begun.promise;
  dead.reject(new Error('killed'));
  leaving.abort(new Interrupted('killed', true));
  await expect(carried).rejects.toThrow('killed');
  await first.close();

  const second = await partLife(folder);
  await second.sessions.resumed;
  const asked: number[] = [];
  const hears = { ...unheard, asking: (waits: number) => void asked.push(waits) };
  const going = second.subtasks.carry(order, hears, never);
  const { id } = second.sessions.list({ most: 1 })[0]!;
  await until(second.sessions, id, ({ activity }) => activity === 'unsure');
  const { events } = await second.record.query({
    filter: { session: id, kinds: ['tool.doubted'] },
    limit: 1,
  });
  const { call } = events[0]!.data as { call: `call_${string}` };
  await second.sessions.settle(id, call, 'skip', operator);
  const end = await going;
  expect(asked).toContain(1);
  expect(asked.at(-1)).toBe(0);
  expect(end).toMatchObject({ session: id, outcome: { label: 'success' } });
  expect(readFileSync(log, 'utf8')).toBe('once\n');
});
