import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ToolServerRow } from '../../shared/tool-server.ts';
import { processesWith } from '../sandbox/testing/marked-processes.ts';
import { everything, nodeServer } from '../sessions/testing/some-servers.ts';
import { answerOf, holdfast, startDaemon, until } from './testing/launch.ts';

/** By which the server’s process is found. */
const mark = `marked-${process.pid}`;

test(
  'a server is added and read from a file of another program, nothing is accepted unseen, and a killed house leaves nothing of it',
  { timeout: 60_000 },
  async () => {
    const { folder, child, ended } = await startDaemon();
    const file = join(folder, 'everything.yaml');
    writeFileSync(file, nodeServer(everything, { args: ['stdio', mark] }));
    const added = await holdfast(folder, ['mcp', 'servers', 'add', 'every', '--file', file]);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const [row] = await answerOf<ToolServerRow[]>(folder, 'mcp', 'servers', 'list');
    expect(row).toMatchObject({ name: 'every', kind: 'stdio', state: 'idle' });
    const signing = await holdfast(folder, ['mcp', 'servers', 'sign-in', 'every']);
    expect(signing).toMatchObject({ code: 3, stdout: '' });
    const refused = await holdfast(folder, ['mcp', 'servers', 'accept', 'every']);
    expect(refused.code).toBe(2);
    const other = join(folder, 'mcp.json');
    const env = { API_KEY: 'a-value-that-is-secret' };
    writeFileSync(
      other,
      JSON.stringify({ mcpServers: { one: { command: 'x', env }, two: { url: 'nothing' } } }),
    );
    const imported = await holdfast(folder, ['mcp', 'servers', 'import', other]);
    expect(imported.stdout).toContain('holdfast secrets set API_KEY');
    expect(imported.stdout).toContain('two: ');
    const written = join(folder, '.config', 'holdfast', 'mcp.yaml');
    expect(existsSync(written)).toBe(true);
    expect(readFileSync(written, 'utf8')).not.toContain('a-value-that-is-secret');

    const called = await holdfast(folder, ['mcp', 'test', 'every', 'echo', '{"message":"hello"}']);
    expect(called.stdout).toContain('Echo: hello');
    expect(processesWith(mark)).toHaveLength(1);
    child.kill('SIGKILL');
    await ended;
    await until(() => processesWith(mark).length === 0);
    await startDaemon({ folder });
    const after = await answerOf<ToolServerRow[]>(folder, 'mcp', 'servers', 'list');
    expect(after).toContainEqual(expect.objectContaining({ name: 'every', state: 'idle' }));
    const events = await holdfast(folder, ['events', '--kind', 'tool_server.ended']);
    expect(events.stdout).toContain('Holdfast was killed while it ran');
    const places = ['sandboxes', 'sessions']
      .map((name) => join(folder, name))
      .filter((place) => existsSync(place));
    await until(() => places.every((place) => readdirSync(place).length === 0));
  },
);
