/**
 * A call of a stdio server's tool as an agent makes it: schema, right, rule, what was accepted, the intent durable, the
 * call, its end durable. Beside it, in the same run, the official client alone with the same server in no sandbox, and
 * the two flushes to the disk that a durable record cannot do without.
 */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { hash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdtempSync, openSync, realpathSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkInput } from '../electron/agents/input-check.ts';
import { HouseApprovals } from '../electron/approvals/approvals.ts';
import { openRecord } from '../electron/audit/open-record.ts';
import { systemClock as clock } from '../electron/base/clock.ts';
import { newId } from '../electron/base/ids.ts';
import { silentLog } from '../electron/base/log.ts';
import { makePrivateFolder } from '../electron/base/private-files.ts';
import { CapabilityTokens } from '../electron/capabilities/capability-tokens.ts';
import { createPathOpener } from '../electron/capabilities/open-path.ts';
import { createNamespaceExecutor } from '../electron/sandbox/namespace-executor.ts';
import { containedPrograms } from '../electron/sessions/contained-programs.ts';
import { openVault } from '../electron/store/open-vault.ts';
import { ToolServers } from '../electron/tools/tool-servers.ts';
import { Problem } from '../shared/problem.ts';
import { median, percentile, quick, report } from './parts/report.ts';

const rounds = quick ? 100 : 500;
const operator = { kind: 'operator' } as const;
const modules = realpathSync(fileURLToPath(new URL('../node_modules', import.meta.url)));
const program = realpathSync(process.execPath);
const server = join(modules, '@modelcontextprotocol/server-everything/dist/index.js');
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-servers-'));
const data = join(folder, 'data');
await makePrivateFolder(data);
const log = silentLog();
const vault = await openVault({ folder: data, clock });
const threads = {
  writer: new URL('../electron/writer.ts', import.meta.url),
  reader: new URL('../electron/reader.ts', import.meta.url),
};
const record = await openRecord({ folder: data, vault, clock, log, version: 'bench', threads });
const tokens = await CapabilityTokens.open({ record, clock, log, random: randomBytes });
const { PATH } = process.env;
const executor = createNamespaceExecutor({ clock, log, data, environment: { PATH }, uid: () => null });
const none = () => Promise.reject(new Problem('unavailable', 'There is none here.'));
const containing = containedPrograms({
  record,
  clock,
  log,
  vault,
  tokens,
  data,
  open: createPathOpener(),
  executor: () => Promise.resolve(executor),
  reviewer: { changes: none, text: none, apply: none, copy: none, discard: none },
  ownPlaces: () => Promise.resolve([data]),
});
const servers = await ToolServers.open({
  record,
  clock,
  log,
  vault,
  configuration: join(folder, 'configuration'),
  searchPath: process.env['PATH'],
  containing: () => Promise.resolve(containing),
});
const approvals = new HouseApprovals({
  record,
  clock,
  log,
  expireMinutes: () => null,
  tool: () => Promise.resolve(undefined),
});
const bare = new Client({ name: 'bench', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
const never = new AbortController().signal;

try {
  await bare.connect(new StdioClientTransport({ command: program, args: [server], stderr: 'ignore' }));
  const places = [modules, dirname(program)].filter((path) => !path.startsWith('/usr/'));
  const folders = places.map((path) => ({ path, mode: 'ro' }));
  const transport = { kind: 'stdio', command: [program, server], folders };
  await servers.save('everything', JSON.stringify({ transport }), operator);
  const { tools } = await servers.start('everything');
  const echo = tools.find(({ name }) => name === 'echo');
  await servers.accept('everything', [echo?.digest ?? ''], operator);
  await servers.ready();
  const tool = servers.tools().find(({ name }) => name === 'mcp.everything.echo');
  if (!tool) throw new Error('the tool is not offered');
  const session = newId('session', clock.now());
  await tokens.issue({ agent: session, capability: { kind: 'tool', name: 'mcp.everything.*' } }, operator);
  await approvals.rules.add(
    {
      effect: 'allow',
      what: 'tool: mcp.everything.echo',
      agent: null,
      scope: { kind: 'everywhere' },
      expires: null,
    },
    operator,
  );

  const governed = async (message: string): Promise<void> => {
    const call = newId('call', clock.now());
    const checked = checkInput(tool, { message });
    if (!checked.ok) throw new Error(checked.problem);
    const act = { kind: 'tool', name: tool.name } as const;
    await tokens.authorize({ agent: session, handle: tokens.handleFor(session, act) ?? '' }, act);
    const { input } = checked;
    const intents = tool.intends(input, null);
    const facts = { folder: null, plan: 'plan', executed: null };
    const crossings = [{ kind: 'action', words: 'is an action' }] as const;
    const planned = { ...facts, call, session, agent: 'bench', tool, input, intents, crossings };
    const how = { unattended: 'deny' } as const;
    const verdict = await approvals.decide({ ...planned, level: 'boundaries' }, how, never);
    if (!verdict.may) throw new Error(verdict.reason);
    const whose = { actor: { kind: 'agent', id: 'bench' }, scope: { session, agent: 'bench' } } as const;
    const told = { tool: tool.name, preview: tool.preview(input), surface: 'none', call } as const;
    const inputHash = hash('sha256', JSON.stringify(input));
    await record.append({ kind: 'tool.invoked', ...whose, data: { ...told, inputHash } });
    const { ok } = await tool.run(input, {} as never, never);
    await record.append({ kind: 'tool.finished', ...whose, data: { ...told, ok } });
  };

  const file = openSync(join(folder, 'flushed'), 'w');
  const page = Buffer.alloc(4096, 1);
  const flushes = () => {
    for (let i = 0; i < 2; i++) {
      writeSync(file, page);
      fsyncSync(file);
    }
  };
  const took = {
    governed: [] as number[],
    run: [] as number[],
    bare: [] as number[],
    flushed: [] as number[],
  };
  const timed = async (into: number[], work: () => unknown) => {
    const started = performance.now();
    await work();
    into.push(performance.now() - started);
  };
  for (let i = 0; i < rounds; i++) {
    const message = `message ${i}`;
    await timed(took.bare, () => bare.callTool({ name: 'echo', arguments: { message } }));
    await timed(took.run, () => tool.run({ message }, {} as never, never));
    await timed(took.governed, () => governed(message));
    await timed(took.flushed, flushes);
  }
  closeSync(file);
  const warm = (values: readonly number[]) => values.slice(20);
  const middle = (values: readonly number[]) => median(warm(values));
  const words = (values: readonly number[]) =>
    `median ${middle(values).toFixed(2)} ms, 95 % within ${percentile(warm(values), 95).toFixed(2)} ms`;
  report({
    name: 'a stdio server’s tool, accepted and in a sandbox, without the record',
    figure: words(took.run),
    compared: `${words(took.bare)} with the official client alone`,
    value: middle(took.run) - middle(took.bare),
    aim: { atMost: 1 },
    unit: ' ms',
  });
  report({
    name: 'the same as an agent’s call: right, rule, intent and end durable',
    figure: words(took.governed),
    compared: `${words(took.bare)} with the official client alone; two flushes ${middle(took.flushed).toFixed(2)} ms`,
    value: middle(took.governed) - middle(took.bare),
    aim: { atMost: 1 + middle(took.flushed) },
    unit: ' ms',
  });
} finally {
  await bare.close();
  await servers.close();
  await approvals.close();
  await executor.close();
  await tokens.close();
  await record.close();
  rmSync(folder, { recursive: true, force: true });
}
