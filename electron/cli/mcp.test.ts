import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as FormerClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as FormerStdio } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, onTestFinished, test } from 'vitest';
import type { McpServing } from '../../shared/mcp.ts';
import { steadyThreads } from '../base/steady-threads.ts';
import { letIn, listenForPrograms } from './testing/mcp-house.ts';
import { answerOf, commandLine, environment, holdfast, startDaemon, testFolder } from './testing/launch.ts';

const hello = { subtasks: [{ id: 'hello', role: 'runner', params: { command: ['echo', 'hello'] } }] };
const who = { name: 'a program', version: '1.0' };

interface Ran {
  readonly run_id: string;
  readonly state: string;
  readonly outcome: string;
  readonly result: string;
}

test(
  'a program that is let in finds the house at its port, hands over a plan, and is told of on the record',
  { timeout: 60_000 },
  async () => {
    const folder = testFolder();
    await startDaemon({ folder });
    const address = await listenForPrograms(folder);
    const { client, id } = await letIn(folder, address);
    const told: string[] = [];
    const done = await client.callTool(
      { name: 'submit_goal', arguments: { plan: hello, wait: true } },
      { onprogress: ({ message }) => told.push(message ?? '') },
    );
    expect(done.structuredContent).toMatchObject({
      state: 'finished',
      outcome: 'success',
      result: 'hello\n',
    });
    expect(told.length).toBeGreaterThan(1);

    type Line = { kind: string; actor: object };
    const written = async (): Promise<Line[]> => {
      const { stdout } = await holdfast(folder, ['events', '--kind', 'mcp.*', '--json']);
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
    };
    let lines = await written();
    while (lines.length < 2) lines = await written();
    expect(lines.map(({ kind }) => kind)).toEqual(['mcp.called', 'mcp.answered']);
    expect(lines[0]?.actor).toEqual({ kind: 'client', id });

    expect((await holdfast(folder, ['mcp', 'clients', 'revoke', id])).code).toBe(0);
    await expect(client.listTools()).rejects.toThrow();
    const off = await answerOf<McpServing>(folder, 'mcp', 'serve', '--off');
    expect(off).toMatchObject({ on: false, address: null });
  },
);

test(
  'by standard input and output both the newest clients and those of a year ago speak with the house that runs',
  { timeout: 60_000 },
  async () => {
    const folder = testFolder();
    await startDaemon({ folder });
    const env = environment(folder) as Record<string, string>;
    const args = [...steadyThreads, commandLine, 'mcp', '--data', folder];
    const command = { command: process.execPath, args, env };

    const client = new Client(who, { versionNegotiation: { mode: 'auto' } });
    onTestFinished(() => client.close());
    await client.connect(new StdioClientTransport(command));
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain('answer_approval');
    expect(tools.every(({ annotations, outputSchema }) => annotations && outputSchema)).toBe(true);
    const submitted = await client.callTool({ name: 'submit_goal', arguments: { plan: hello, wait: true } });
    const { run_id } = submitted.structuredContent as Ran;
    await client.close();

    const former = new FormerClient(who);
    onTestFinished(() => former.close());
    await former.connect(new FormerStdio(command));
    // The same token is used again: what was begun by it is its own still.
    const seen = await former.callTool({ name: 'get_run', arguments: { run_id } });
    expect(seen.structuredContent).toMatchObject({ run_id, result: 'hello\n' });
    const { contents } = await former.readResource({ uri: `holdfast://runs/${run_id}/plan` });
    expect(JSON.stringify(contents)).toContain('echo');
    await former.close();
  },
);

test(
  'where no house runs, or the token is not one, nothing is spoken and it is said why',
  { timeout: 60_000 },
  async () => {
    const folder = testFolder();
    const none = await holdfast(folder, ['mcp']);
    expect(none).toMatchObject({ code: 6, stdout: '' });
    expect(none.stderr).toContain('No Holdfast runs');
    await startDaemon({ folder });
    const wrong = await holdfast(folder, ['mcp'], { variables: { HOLDFAST_MCP_TOKEN: 'hf_nobody' } });
    expect(wrong).toMatchObject({ code: 6, stdout: '' });
    expect(wrong.stderr).toContain('HOLDFAST_MCP_TOKEN');
    const odd = await holdfast(folder, ['mcp'], { input: 'no json\n' });
    expect(JSON.parse(odd.stdout)).toMatchObject({ error: { code: -32_700 } });
  },
);
