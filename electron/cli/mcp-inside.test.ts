import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { expect, onTestFinished, test } from 'vitest';
import { startModelStandIn } from '../../e2e/stand-in-models/stand-in.ts';
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

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'inside', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const spoken = 'MCP-Protocol-Version: 2026-07-28\\r\\n';
const place = 'at=${HOLDFAST_MCP_URL#http://}; at=${at%/mcp}';

/** A house with one agent whose command this is, and a repository for it. */
async function houseOf(name: string, declared: object) {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const agents = join(folder, 'config', 'holdfast', 'agents');
  mkdirSync(agents, { recursive: true });
  writeFileSync(join(agents, `${name}.yaml`), stringify({ name, ...declared }));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  await startDaemon({ folder: data, variables: { XDG_CONFIG_HOME: join(folder, 'config') } });
  return { folder, data, source: repository(join(folder, 'project'), { a: 'x' }) };
}

test(
  'an agent in a sandbox speaks MCP on its own loopback, by its own token, and with what its file names alone',
  { timeout: 60_000 },
  async () => {
    const listing = { method: 'tools/list', params: { _meta: envelope } };
    const named = `${spoken}Mcp-Method: tools/list\\r\\n`;
    const script = [
      place,
      `(${ask('$HOLDFAST_MCP_TOKEN', first)}) | grep -q serverInfo || exit 3`,
      `(${ask('nobody', first)}) | grep -q "^HTTP/1.1 401" || exit 4`,
      `tools=$(${ask('$HOLDFAST_MCP_TOKEN', listing, named)})`,
      'grep -q submit_goal <<< "$tools" || exit 5',
      `grep -q '"name":"get_run"' <<< "$tools" && exit 6`,
      'exit 0',
    ].join('\n');
    const command = { argv: ['/bin/bash', '-c', script], mcp: { tools: ['list_runs', 'submit_goal'] } };
    const { folder, data, source } = await houseOf('inner', { command });
    const ran = await holdfast(data, ['run', 'inner', source]);
    expect(ran.code, ran.stderr).toBe(0);
    const widest = stringify({ name: 'wide', command: { ...command, mcp: { tools: ['answer_approval'] } } });
    writeFileSync(join(folder, 'wide.yaml'), widest);
    const refused = await holdfast(data, ['agents', 'validate', join(folder, 'wide.yaml')]);
    expect(refused.code).not.toBe(0);
    expect(await answerOf<unknown[]>(data, 'list')).toEqual([]);
  },
);

test(
  'what a session may spend by way of MCP is spent once: then no goal of it is taken, and it hears why',
  { timeout: 60_000 },
  async () => {
    const usage = { input: 90_000, output: 10_000 };
    const model = await startModelStandIn({ answer: () => ({ text: 'It is done.', usage }) });
    onTestFinished(() => model.close());
    const handing = {
      method: 'tools/call',
      params: {
        name: 'submit_goal',
        arguments: { goal: 'Say that it is done.', role: 'generalist', wait: true },
        _meta: envelope,
      },
    };
    const named = `${spoken}Mcp-Method: tools/call\\r\\nMcp-Name: submit_goal\\r\\n`;
    const script = [
      place,
      `hand() { ${ask('$HOLDFAST_MCP_TOKEN', handing, named)}; }`,
      `for i in 3 4; do said=$(hand); grep -q '"outcome":"success"' <<< "$said" || { echo "$said"; exit $i; }; done`,
      'said=$(hand)',
      `grep -q '"isError":true' <<< "$said" && grep -q 'may spend is spent' <<< "$said" || { echo "$said"; exit 5; }`,
    ].join('\n');
    const { data, source } = await houseOf('spender', {
      command: { argv: ['/bin/bash', '-c', script], mcp: { tools: ['submit_goal'] } },
      budget_config: { max_tokens: 200_000, reset_period_seconds: 86_400 },
    });
    const configure = ['configure', '--provider', 'mine', '--base-url', model.openai, '--model', 'small'];
    expect(await holdfast(data, configure)).toMatchObject({ code: 0 });
    const ran = await holdfast(data, ['run', 'spender', source, '--attach']);
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    expect(await answerOf<unknown[]>(data, 'list')).toMatchObject([
      { outcome: { label: 'success' } },
      { outcome: { label: 'success' } },
    ]);
    expect(model.requests).toHaveLength(2);
  },
);
