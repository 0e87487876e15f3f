import { Client } from '@modelcontextprotocol/client';
import { Client as FormerClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FormerWay } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Approval } from '../../shared/approval.ts';
import type { ModelStandInOptions } from '../../e2e/stand-in-models/stand-in.ts';
import { houseWithAgent } from './testing/house-with-agent.ts';
import { answerOf, until } from './testing/launch.ts';
import { letIn, listenForPrograms } from './testing/mcp-house.ts';

/** Writes a file first, which asks, and then says that it did. */
const writes: ModelStandInOptions = {
  answer: ({ messages }) =>
    messages.some(({ role }) => role === 'assistant')
      ? { text: 'It is done.' }
      : { calls: [{ tool: 'exec', input: { command: 'echo written > note.txt' } }] },
};

const sleeping = { subtasks: [{ id: 'a', role: 'runner', params: { command: ['sleep', '600'] } }] };
const named = { name: 'a program', version: '1.0' };

test(
  'what a run asks is put before the person at the client where its token may answer, and waits here otherwise',
  { timeout: 60_000 },
  async () => {
    const { folder, work } = await houseWithAgent(writes);
    const address = await listenForPrograms(folder);
    const task = { agent: 'helper', question: 'Write a note.', folders: [{ path: work }] };

    const silent = await letIn(folder, address, ['--folder', `${work}:rw`]);
    const waiting = await silent.call('ask_agent', task);
    expect(waiting.refused).toBeNull();
    expect(waiting.said).toMatchObject({ state: 'running', waits_for: [{ agent: 'helper' }] });
    expect(waiting.said['hint']).toContain('waits for the person');
    const [approval] = await answerOf<Approval[]>(folder, 'approvals');
    expect((await silent.call('list_approvals')).said).toMatchObject({
      approvals: [{ approval_id: approval?.id, run_id: waiting.said['run_id'] }],
    });

    const asked: string[] = [];
    const client = new Client(named, {
      versionNegotiation: { mode: 'auto' },
      capabilities: { elicitation: { form: {} } },
    });
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: { answer: 'allow once' } };
    });
    const willing = await letIn(
      folder,
      address,
      ['--folder', `${work}:rw`, '--answer', '--at-once', '1'],
      client,
    );
    const foreign = { approval_id: approval?.id, answer: 'allow' };
    expect((await willing.call('answer_approval', foreign)).refused).toContain('No run of yours asks that');
    // Nobody else writes to a folder that somebody works in.
    await silent.call('cancel_run', { run_id: waiting.said['run_id'] });
    const done = await willing.call('ask_agent', task);
    expect(done.said).toMatchObject({ state: 'finished', result: 'It is done.' });
    expect(asked[0]).toContain('note.txt');
    expect(readFileSync(join(work, 'note.txt'), 'utf8')).toBe('written\n');

    const former = new FormerClient(named, { capabilities: { elicitation: {} } });
    onTestFinished(() => former.close());
    const meanwhile: unknown[] = [];
    former.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      asked.push(params.message);
      meanwhile.push(await former.callTool({ name: 'list_runs' }));
      return { action: 'accept', content: { answer: 'deny' } };
    });
    const updated: string[] = [];
    former.setNotificationHandler(
      ResourceUpdatedNotificationSchema,
      ({ params }) => void updated.push(params.uri),
    );
    const headers = { authorization: `Bearer ${willing.token}` };
    await former.connect(new FormerWay(new URL(address), { requestInit: { headers } }));
    const { resources } = await former.listResources();
    const uri = resources.find((each) => each.uri.startsWith('holdfast://runs/'))?.uri ?? '';
    expect(uri).toBe(`holdfast://runs/${String(done.said['run_id'])}`);
    const before = asked.length;
    const submitted = await former.callTool({ name: 'submit_goal', arguments: { plan: sleeping } });
    const { run_id } = submitted.structuredContent as { run_id: string };
    await former.subscribeResource({ uri: `holdfast://runs/${run_id}` });
    const denied = await former.callTool({ name: 'ask_agent', arguments: task });
    expect(asked.length).toBe(before + 1);
    expect(denied.structuredContent).toMatchObject({ state: 'finished' });
    expect(meanwhile).toMatchObject([{ isError: true, content: [{ text: /^1 calls? of yours/ }] }]);
    await former.callTool({ name: 'cancel_run', arguments: { run_id } });
    await until(() => updated.includes(`holdfast://runs/${run_id}`));
    expect(new Set(updated)).toEqual(new Set([`holdfast://runs/${run_id}`]));
  },
);
