import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { repository } from '../sessions/testing/some-work.ts';
import { answerOf, holdfast, startDaemon, testFolder } from './testing/launch.ts';

/** Asks over its own loopback, by plain bash, for there may be no other program inside. */
const ask = (token: string, message: object, more = '') => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...message });
  const head = [
    'POST /mcp HTTP/1.1',
    'Host: holdfast',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const lines = head.map((line) => `${line}\\r\\n`).join('') + more;
  return `exec 3<>/dev/tcp/\${at%%:*}/\${at##*:}; printf "${lines}\\r\\n" >&3; printf '%s' '${body}' >&3; cat <&3`;
};
const first = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'inside', version: '1' } },
};

test(
  'an agent in a sandbox speaks MCP on its own loopback, by its own token, and with what its file names alone',
  { timeout: 60_000 },
  async () => {
    const folder = testFolder();
    chmodSync(folder, 0o755);
    const agents = join(folder, 'config', 'holdfast', 'agents');
    mkdirSync(agents, { recursive: true });
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'inside', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const listing = { method: 'tools/list', params: { _meta: envelope } };
    const named = 'MCP-Protocol-Version: 2026-07-28\\r\\nMcp-Method: tools/list\\r\\n';
    const script = [
      'at=${HOLDFAST_MCP_URL#http://}; at=${at%/mcp}',
      `(${ask('$HOLDFAST_MCP_TOKEN', first)}) | grep -q serverInfo || exit 3`,
      `(${ask('nobody', first)}) | grep -q "^HTTP/1.1 401" || exit 4`,
      `tools=$(${ask('$HOLDFAST_MCP_TOKEN', listing, named)})`,
      'grep -q submit_goal <<< "$tools" || exit 5',
      `grep -q '"name":"get_run"' <<< "$tools" && exit 6`,
      'exit 0',
    ].join('\n');
    const command = { argv: ['/bin/bash', '-c', script], mcp: { tools: ['list_runs', 'submit_goal'] } };
    writeFileSync(join(agents, 'inner.yaml'), stringify({ name: 'inner', command }));
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o700 });
    await startDaemon({ folder: data, variables: { XDG_CONFIG_HOME: join(folder, 'config') } });
    const source = repository(join(folder, 'project'), { a: 'x' });
    const ran = await holdfast(data, ['run', 'inner', source]);
    expect(ran.code, ran.stderr).toBe(0);
    const widest = stringify({ name: 'wide', command: { ...command, mcp: { tools: ['answer_approval'] } } });
    writeFileSync(join(folder, 'wide.yaml'), widest);
    const refused = await holdfast(data, ['agents', 'validate', join(folder, 'wide.yaml')]);
    expect(refused.code).not.toBe(0);
    expect(await answerOf<unknown[]>(data, 'list')).toEqual([]);
  },
);
