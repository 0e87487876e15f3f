import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDaemon, testFolder } from './testing/launch.ts';
import { letIn, listenForPrograms } from './testing/mcp-house.ts';

const sleeping = { subtasks: [{ id: 'a', role: 'runner', params: { command: ['sleep', '600'] } }] };
const noRun = 'run_01m7y34wfp0adagktd5a0e0ay0';

test(
  'what a program begins gets no more than its token holds, and no program learns of another’s runs',
  { timeout: 60_000 },
  async () => {
    const folder = testFolder();
    const place = testFolder();
    for (const name of ['work', 'work/inner', 'other']) mkdirSync(join(place, name));
    chmodSync(place, 0o755);
    symlinkSync(join(place, 'other'), join(place, 'work', 'link'));
    symlinkSync(join(place, 'work', 'inner'), join(place, 'entry'));
    await startDaemon({ folder });
    const address = await listenForPrograms(folder);
    const work = join(place, 'work');
    const mine = await letIn(folder, address, [
      '--folder',
      `${work}:review`,
      '--allow-host',
      '*.example.org:443',
      '--agent',
      'coder',
      '--tokens',
      '1000',
    ]);
    const wish = (more: object) => ({ plan: sleeping, ...more });
    const outside = [
      join(place, 'other'),
      join(work, 'link'),
      join(work, '..', 'other'),
      `${work}/inner/../../other`,
      `${work}-not`,
      '/',
      'work',
      join(work, 'nowhere'),
    ];
    for (const path of outside) {
      const { refused } = await mine.call('submit_goal', wish({ folders: [{ path }] }));
      expect(refused, path).toContain('is no folder that your runs may be given');
    }
    const more = await mine.call('submit_goal', wish({ folders: [{ path: work, mode: 'rw' }] }));
    expect(more.refused).toContain('is yours as “review”');
    for (const host of ['example.com', '*', '*.example.org', 'a.example.org:80', 'example.org:443']) {
      const { refused } = await mine.call('submit_goal', wish({ hosts: [host] }));
      expect(refused, host).toContain('may not connect');
    }
    expect((await mine.call('run_agent', { agent: 'writer', task: 'x' })).refused).toContain(
      'may not ask writer',
    );
    const { said: agents } = await mine.call('list_agents');
    expect(agents).toMatchObject({ agents: [{ name: 'coder' }] });

    const begun = await mine.call(
      'submit_goal',
      wish({ folders: [{ path: join(place, 'entry'), mode: 'ro' }], hosts: ['a.example.org:443'] }),
    );
    expect(begun.refused).toBeNull();
    const run = String(begun.said['run_id']);
    // All that it may spend is set aside for the first, so there is nothing for a second.
    expect((await mine.call('submit_goal', wish({}))).refused).toContain('is spent, or set aside');

    const other = await letIn(folder, address, ['--tool', 'get_run', '--tool', 'search_record']);
    const both = await Promise.all([
      other.call('get_run', { run_id: run }),
      other.call('get_run', { run_id: noRun }),
    ]);
    expect(both[0].refused?.replace(run, noRun)).toBe(both[1].refused);
    expect((await other.call('search_record', { run_id: run })).refused).toContain('You began no run');
    for (const uri of ['', '/plan', '/transcript', '/record'].map((page) => `holdfast://runs/${run}${page}`))
      await expect(other.client.readResource({ uri })).rejects.toThrow();
    for (const uri of ['holdfast://runs/../agents/coder', 'holdfast://agents/..%2fx', 'file:///etc/passwd'])
      await expect(other.client.readResource({ uri })).rejects.toThrow();
    await expect(other.call('cancel_run', { run_id: run })).rejects.toThrow('There is no tool');
    const { resources } = await other.client.listResources();
    expect(resources.filter(({ uri }) => uri.includes('runs'))).toEqual([]);

    expect((await mine.call('get_agent_status', { run_id: run })).said).toEqual({ status: 'running' });
    expect((await mine.call('cancel_agent', { run_id: run })).said).toEqual({ cancelled: true });
    expect((await mine.call('get_run', { run_id: run })).said).toMatchObject({ outcome: 'cancelled' });
    expect((await mine.call('get_agent_status', { run_id: noRun })).said).toEqual({ status: 'notfound' });
    const answer = { approval_id: 'app_x', answer: 'allow' };
    await expect(mine.call('answer_approval', answer)).rejects.toThrow('There is no tool');
  },
);

test(
  'a client of a year ago has a session until it ends it, has no more of them than fit, and is held to its pace',
  { timeout: 60_000 },
  async () => {
    const folder = testFolder();
    await startDaemon({ folder });
    const address = await listenForPrograms(folder);
    const { token, call } = await letIn(folder, address, ['--calls', '3']);
    const ask = (method: string, params: object, headers: Record<string, string> = {}, way = 'POST') =>
      fetch(address, {
        method: way,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json, text/event-stream',
          ...(way === 'POST' ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(way === 'POST' ? { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) } : {}),
      });
    const first = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'old', version: '1' },
    };
    const begin = async () => {
      const answer = await ask('initialize', first);
      await answer.text();
      return answer.headers.get('mcp-session-id') ?? '';
    };
    const ping = async (session: string) => {
      const answer = await ask('ping', {}, { 'mcp-session-id': session });
      await answer.text();
      return answer.status;
    };
    const session = await begin();
    expect(await ping(session)).toBe(200);
    expect(await ping('nobody')).toBe(404);
    expect((await ask('ping', {})).status).toBe(400);
    expect((await ask('', {}, { 'mcp-session-id': session }, 'DELETE')).status).toBe(200);
    expect(await ping(session)).toBe(404);
    const oldest = await begin();
    const sessions: string[] = [];
    for (let i = 0; i < 40; i++) sessions.push(await begin());
    expect(await ping(oldest)).toBe(404);
    expect(await ping(sessions.at(-1) ?? '')).toBe(200);

    const huge = await fetch(address, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'x'.repeat(2 << 20) }),
    }).then(
      ({ status }) => status,
      () => 413,
    );
    expect(huge).toBe(413);
    const paced = await Promise.all([1, 2, 3, 4].map(() => call('get_agent_status', { run_id: noRun })));
    expect(paced.filter(({ refused }) => refused?.includes('3 times in a minute'))).toHaveLength(1);
  },
);
