import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { searchServer, searxngPage } from '../tools/testing/search-server.ts';
import { never, operator, rested, until } from './agents/testing/some-agent-sessions.ts';
import { handyAgent, toolLife, workPlace } from './agents/testing/tool-life.ts';

function writeSkill(folder: string, name: string, more: string, files: Record<string, string> = {}): void {
  const place = join(folder, 'skills', name);
  mkdirSync(join(place, 'scripts'), { recursive: true });
  writeFileSync(
    join(place, 'SKILL.md'),
    `---\nname: ${name}\ndescription: About it.\n${more}---\nThe ${name} way.\n`,
  );
  for (const [file, content] of Object.entries(files)) writeFileSync(join(place, file), content);
}

test('a job goes on while its agent does something else, and is waited for, watched and cancelled', async () => {
  const { folder, work } = workPlace();
  const { open, ask, room, record } = await toolLife(folder);
  const { id } = await open([{ path: work, mode: 'rw' }]);
  const [quick, gated] = await ask(id, [
    ['job_submit', { command: 'cat; echo ready; exit 3', stdin: 'given ', labels: { kind: 'quick' } }],
    ['job_submit', { command: 'echo begun; until test -e gate; do sleep 0.02; done; echo opened' }],
  ]);
  const idOf = (told: typeof quick) => String(told?.value?.['id']);
  expect(quick?.value).toMatchObject({ id: expect.stringMatching(/^job_/) as string });
  const [failed, watched, labelled, other] = await ask(id, [
    ['job_wait', { job: idOf(quick) }],
    ['job_watch', { job: idOf(gated), seconds: 1 }],
    ['job_list', { labels: { kind: 'quick' } }],
    ['job_status', { job: 'job_01k2x000000000000000000000' }],
  ]);
  expect(failed?.value).toMatchObject({ state: 'failed', exit_code: 3, stdout: 'given ready\n' });
  expect(watched?.value?.['state']).toMatch(/pending|running/);
  expect(labelled?.value).toMatchObject({ count: 1 });
  expect(other).toMatchObject({ ok: false, text: expect.stringContaining('There is no job') as string });
  writeFileSync(join(work, 'gate'), '');
  const [done] = await ask(id, [['job_wait', { job: idOf(gated) }]]);
  expect(done?.value).toMatchObject({ state: 'done', exit_code: 0, stdout: 'begun\nopened\n' });
  expect(await room.jobs.get(idOf(gated))).toMatchObject({ state: 'done', stdout: 'begun\nopened\n' });

  const [long] = await ask(id, [['job_submit', { command: 'sleep 1000' }]]);
  const [cancelled, twice] = await ask(id, [
    ['job_cancel', { job: idOf(long) }],
    ['job_cancel', { job: idOf(long) }],
  ]);
  expect(cancelled?.value).toMatchObject({ state: 'cancelled' });
  expect(twice?.ok).toBe(false);
  const { id: another } = await open([{ path: work, mode: 'rw' }]);
  const [foreign] = await ask(another, [['job_status', { job: idOf(gated) }]]);
  expect(foreign?.text).toContain('There is no job');
  const { events } = await record.query({ filter: { kinds: ['job.*'] }, limit: 50 });
  expect(events.map(({ kind }) => kind).toSorted()).toEqual([
    'job.cancelled',
    'job.finished',
    'job.finished',
    'job.started',
    'job.started',
    'job.started',
    'job.submitted',
    'job.submitted',
    'job.submitted',
  ]);
  expect((await record.rebuild(operator)).differences).toBe(0);
});

test('ten jobs run side by side and the others wait; the end of their session ends all of them', async () => {
  const { folder, work } = workPlace();
  const { open, ask, room, sessions } = await toolLife(folder);
  const { id } = await open([{ path: work, mode: 'rw' }]);
  await ask(
    id,
    Array.from(
      { length: 12 },
      () => ['job_submit', { command: 'until test -e gate; do sleep 0.05; done' }] as const,
    ),
  );
  const states = () => room.jobs.list(id).map(({ state }) => state);
  const count = (state: string) => states().filter((each) => each === state).length;
  const begun = room.jobs.list(id).toReversed();
  for await (const job of room.jobs.watch(begun[9]!.id, never)) {
    if (job.state === 'running') break;
  }
  expect([count('running'), count('pending')]).toEqual([10, 2]);
  // A place that gets free is taken by the next, and one that only waited frees none.
  await room.jobs.cancel(begun[11]!.id, 'a test', operator);
  expect([count('running'), count('pending'), count('cancelled')]).toEqual([10, 1, 1]);
  await room.jobs.cancel(begun[0]!.id, 'a test', operator);
  for await (const job of room.jobs.watch(begun[10]!.id, never)) {
    if (job.state === 'running') break;
  }
  expect([count('running'), count('pending'), count('cancelled')]).toEqual([10, 0, 2]);
  await sessions.stop(id, operator);
  expect(count('cancelled')).toBe(12);
});

test('what is interrupted while it waits cancels the job, and what only watches does not', async () => {
  const { folder, work } = workPlace();
  const { open, ask, begin, room, sessions, record } = await toolLife(folder);
  const { id } = await open([{ path: work, mode: 'rw' }]);
  const [one, two] = await ask(id, [
    ['job_submit', { command: 'echo one; sleep 1000' }],
    ['job_submit', { command: 'echo two; sleep 1000' }],
  ]);
  const jobs = [one, two].map((told) => String(told?.value?.['id']));
  for (const job of jobs) {
    for await (const facts of room.jobs.watch(job, never)) if (facts.stdout !== '') break;
  }
  const interrupted = async (tool: string, job: string | undefined) => {
    const { turns } = sessions.get(id);
    const { size } = record.state();
    await begin(id, [[tool, { job }]]);
    const filter = { kinds: ['tool.invoked'] };
    for await (const { events } of record.follow({ from: size, filter }, never)) if (events.length > 0) break;
    await sessions.interrupt(id);
    await until(sessions, id, (now) => rested(now) && now.turns > turns);
  };
  const state = async (job: string | undefined) => (await room.jobs.get(String(job))).state;
  await interrupted('job_watch', jobs[1]);
  expect(await state(jobs[1])).toBe('running');
  await interrupted('job_wait', jobs[0]);
  expect([await state(jobs[0]), await state(jobs[1])]).toEqual(['cancelled', 'running']);
});

test('jobs of a life that is over are lost: the record says so, and so does the model hear it', async () => {
  const { folder, work } = workPlace();
  const first = await toolLife(folder);
  const { id } = await first.open([{ path: work, mode: 'rw' }]);
  const [told] = await first.ask(id, [['job_submit', { command: 'sleep 1000 # the long one' }]]);
  const job = String(told?.value?.['id']);
  await first.close();

  const second = await toolLife(folder);
  expect(second.room.jobs.list(null)).toMatchObject([{ id: job, state: 'lost' }]);
  const [status] = await second.ask(id, [['job_status', { job }]]);
  expect(status?.value).toMatchObject({ state: 'lost' });
  const { entries } = await second.sessions.transcript(id, undefined, 100);
  expect(JSON.stringify(entries)).toContain('the long one');
  const [row] = second.record.rows('SELECT state FROM jobs WHERE id = ?', job);
  expect(row).toEqual({ state: 'lost' });
  expect((await second.record.rebuild(operator)).differences).toBe(0);
});

test('an agent with the right to search is offered the engine once one is set up, and reaches it alone', async () => {
  const { folder, work } = workPlace();
  const server = await searchServer((_asked, response) => {
    response.end(JSON.stringify({ results: [searxngPage(1)] }));
  });
  const searching = handyAgent();
  const plain = handyAgent({ name: 'plain' });
  const agents = [{ ...searching, capabilities: [...searching.capabilities, 'web_search'] }, plain];
  const { open, ask, prompts, record } = await toolLife(folder, agents);
  const { id } = await open([{ path: work, mode: 'ro' }]);
  const [none] = await ask(id, [['web_search', { query: 'holdfasts' }]]);
  expect(none?.text).toContain('No engine');
  const offered = () => prompts().some((prompt) => prompt.includes('- web_search: '));
  expect(offered()).toBe(false);
  const set = (key: 'search.url' | 'search.engine', value: string) =>
    record.append({ kind: 'setting.changed', actor: operator, data: { key, value } });
  await set('search.url', server.base);
  await set('search.engine', 'searxng');
  const [found, elsewhere] = await ask(id, [
    ['web_search', { query: 'holdfasts', count: 3 }],
    ['web_fetch', { url: `${server.base}/search?q=x` }],
  ]);
  expect(found?.value).toMatchObject({
    engine: 'SearXNG',
    count: 1,
    results: [{ url: 'https://example.org/1' }],
  });
  expect([elsewhere?.ok, offered()]).toEqual([false, true]);
  const { id: other } = await open([{ path: work, mode: 'ro' }], 'plain');
  const [refused] = await ask(other, [['web_search', { query: 'x' }]]);
  expect(refused?.ok).toBe(false);
  expect(server.asked.map(({ url }) => url.searchParams.get('q'))).toEqual(['holdfasts']);
  const { events } = await record.query({ filter: { kinds: ['connection.opened'] }, limit: 20 });
  expect(events).toMatchObject([{ data: { host: '127.0.0.1' } }]);
});

test('a skill is listed, read and run in the sandbox; while it counts, only its tools are used', async () => {
  const { folder, work } = workPlace();
  const script = '/home/sandbox/skills/counting/scripts/count.sh';
  writeSkill(folder, 'counting', `allowed-tools: exec(${script}:*) grep\n`, {
    'scripts/count.sh': '#!/bin/sh\necho "counted $(ls "$1" | wc -l)"\n',
  });
  writeSkill(folder, 'free', '');
  writeFileSync(join(work, 'one'), '');
  const { open, ask, prompts } = await toolLife(folder);
  const { id } = await open([{ path: work, mode: 'ro' }]);
  const told = await ask(
    id,
    [
      ['file_list', {}],
      ['skill_read', { skill: 'counting' }],
      ['skill_read', { skill: 'counting', file: 'scripts/count.sh' }],
      ['file_list', {}],
      ['exec', { command: `${script} ${work}` }],
      ['exec', { command: `${script} ${work}; ls ${work}` }],
    ],
    [
      ['echo', { still: 'refused' }],
      ['skill_read', { skill: 'none' }],
      ['echo', { after: 'a read that failed' }],
      ['skill_read', { skill: 'free' }],
      ['echo', { now: 'allowed' }],
      ['skill_read', { skill: 'counting' }],
    ],
  );
  expect(prompts()[0]).toContain('- counting: About it.');
  expect(told.map(({ ok }) => ok)).toEqual([
    true,
    true,
    true,
    false,
    true,
    false,
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
  expect(told[1]?.text).toContain('The counting way.');
  expect(told[1]?.text).toContain(`use only: exec(${script} *), grep`);
  expect(told[2]?.text).toContain('#!/bin/sh');
  expect(told[3]?.text).toContain(', grep and not file_list');
  expect(told[4]?.value).toMatchObject({ stdout: 'counted 1\n' });
  expect(told[5]?.text).toContain(`and not “ls ${work}”`);
  // The next turn begins with everything it has.
  const [next] = await ask(id, [['echo', { next: 'turn' }]]);
  expect(next?.ok).toBe(true);
});

test('notes and memories are made by tools and stand in the prompts of later sessions', async () => {
  const { folder, work } = workPlace();
  const plain = handyAgent({ name: 'plain', notes: { mostCount: 0, mostBytes: 64, section: 'off' } });
  const forgetful = { ...plain, memory: { ...plain.memory, episodic: false } };
  const { open, ask, prompts } = await toolLife(folder, [handyAgent(), forgetful]);
  const { id } = await open([{ path: work, mode: 'ro' }]);
  const told = await ask(id, [
    ['note_save', { key: 'plan', content: 'first this, then that', pin: true }],
    ['note_save', { key: 'aside', content: 'a long aside' }],
    ['note_list', {}],
    ['note_unpin', { key: 'plan' }],
    ['note_pin', { key: 'plan' }],
    ['note_show', { key: 'plan' }],
    ['note_delete', { key: 'none' }],
    ['memory_store', { content: 'The tests run with make check.', category: 'fact' }],
    ['memory_query', { query: 'How do tests run?' }],
  ]);
  expect(told.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true, false, true, true]);
  expect(told[2]?.value).toMatchObject({ count: 2 });
  expect(told[6]?.text).toContain('There are aside, plan.');
  expect(told[8]?.value).toMatchObject({ count: 1, searched: 'by words' });

  const { id: later } = await open([{ path: work, mode: 'ro' }]);
  const memory = String(told[7]?.value?.['id']);
  const [found, gone] = await ask(later, [
    ['memory_query', { query: 'tests' }],
    ['memory_delete', { memory_id: memory }],
  ]);
  expect(found?.text).toContain('make check');
  expect(gone?.ok).toBe(true);
  const prompt = prompts().at(-1);
  expect(prompt).toContain('## plan (pinned)\nfirst this, then that');
  expect(prompt).toContain('- aside (');
  expect(prompt).toContain('# Your memory');

  const { id: other } = await open([{ path: work, mode: 'ro' }], 'plain');
  const [refused] = await ask(other, [['memory_store', { content: 'x', category: 'fact' }]]);
  expect(refused).toMatchObject({ ok: false, text: expect.stringContaining('has no memory') as string });
  expect(prompts().at(-1)).not.toContain('memory_store');
  expect(prompts().at(-1)).not.toContain('note_save');
});
