import type { Command } from 'commander';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Token } from '../../../shared/contract/house.ts';
import { type McpTool, mcpTools, usualMcpTools } from '../../../shared/mcp-tools.ts';
import { Problem } from '../../../shared/problem.ts';
import { aligned, harmless, moment } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readFolder } from '../shell-wish.ts';
import { readCount, readDollars, readEnd, readSeconds } from '../values.ts';

interface AddOptions extends Common {
  tool?: string[];
  answer?: true;
  agent?: string[];
  folder?: string[];
  allowHost?: string[];
  tokens?: string;
  dollars?: string;
  each?: string;
  calls?: string;
  atOnce?: string;
  expires?: string;
  for?: string;
}

export function addMcpClientVerbs(mcp: Command): void {
  const clients = mcp
    .command('clients')
    .helpCommand(false)
    .summary('Say which programs may speak MCP here; let them in, shut them out')
    .description('Say which programs may speak MCP here; let them in, shut them out.')
    .option('--data <dir>', 'the data folder, where it is not the usual one')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nExample:\n  $ holdfast mcp clients')
    .action(async (options: Common) => {
      const { client, out } = openSession(options);
      const tokens = (await client.access.list()).filter(({ mcp: rights }) => rights !== null);
      out.result(tokens, () =>
        aligned(tokens.map((token) => [token.id, stateOf(token), harmless(token.name)])),
      );
    });
  addAdding(clients);
  verb(clients, 'revoke <client>', 'Shut a program out', 'holdfast mcp clients revoke tok_01j5').action(
    async (id: string, options: Common) => {
      const { client, out } = openSession(options);
      const revoked = await client.access.revoke({ token: id });
      out.result(revoked, () => [`Revoked ${revoked.id}, “${harmless(revoked.name)}”.`]);
    },
  );
}

function addAdding(clients: Command): void {
  verb(
    clients,
    'add <name>',
    'Let a program in; its token is told once, with what to put into the program',
    'holdfast mcp clients add cursor --folder ~/project:review --dollars 5 --for cursor',
  )
    .option('--tool <name>', 'only this tool, such as submit_goal; may be repeated', collect)
    .option('--answer', 'may also answer approvals of its own runs in your place')
    .option('--agent <name>', 'only this agent; may be repeated (default: any)', collect)
    .option(
      '--folder <dir>',
      'a folder for its runs, as DIR:ro, DIR:review or DIR:rw; may be repeated',
      collect,
    )
    .option('--allow-host <host>', 'a host that its runs may connect to; may be repeated', collect)
    .option('--tokens <count>', 'so many tokens for all its runs together')
    .option('--dollars <amount>', 'so much money for all its runs together, such as 2.50')
    .option('--each <time>', 'with --tokens or --dollars: in such a time, such as 1d (default: ever)')
    .option('--calls <number>', 'calls in a minute (default: 600)')
    .option('--at-once <number>', 'calls under way at the same time (default: 64)')
    .option('--expires <time>', 'when it ends: a time, or 12h, 30d from now')
    .option(
      '--for <program>',
      'say what this program takes: claude-code, claude-desktop, cursor, vscode, codex, opencode, gemini or json',
    )
    .action(async (name: string, options: AddOptions) => {
      const { client, out } = openSession(options);
      const expires = options.expires === undefined ? null : readEnd(options.expires, new Date());
      const made = await client.access.create({ name, mcp: rightsFrom(options), expires });
      const all = await client.mcp.configurations({ token: made.value });
      const told = options.for === undefined ? [] : all.filter(({ program }) => program === options.for);
      if (options.for !== undefined && told.length === 0) {
        await client.access.revoke({ token: made.token.id });
        throw new Problem('invalid_input', `--for ${options.for} is no program that is known here.`);
      }
      out.say(`Made ${made.token.id}. This is its token; it is not shown again:`);
      out.result({ ...made, configurations: options.for === undefined ? all : told }, () => [
        made.value,
        ...told.flatMap(({ place, text }) => ['', `${place}:`, text]),
      ]);
    });
}

function rightsFrom(options: AddOptions) {
  const named = options.tool?.map(readTool) ?? usualMcpTools;
  const { tokens, dollars, each } = options;
  const bounded = tokens !== undefined || dollars !== undefined;
  if (each !== undefined && !bounded)
    throw new Problem('invalid_input', '--each is for a bound.', 'Give --tokens or --dollars.');
  return {
    tools: [...new Set<McpTool>([...named, ...(options.answer ? (['answer_approval'] as const) : [])])],
    agents: options.agent ?? null,
    folders: (options.folder ?? []).map((text) => readFolder(text, process.cwd())),
    hosts: (options.allowHost ?? []).map((text) =>
      readHostPattern({ text, field: '--allow-host', offset: 0 }),
    ),
    budget: bounded
      ? {
          tokens: tokens === undefined ? null : readCount('--tokens', tokens, 1, 1e12),
          micros: dollars === undefined ? null : readDollars(dollars),
          periodSeconds: each === undefined ? 0 : readSeconds('--each', each),
        }
      : null,
    ...(options.calls === undefined
      ? {}
      : { callsPerMinute: readCount('--calls', options.calls, 1, 100_000) }),
    ...(options.atOnce === undefined ? {} : { callsAtOnce: readCount('--at-once', options.atOnce, 1, 1000) }),
  };
}

function readTool(text: string): McpTool {
  const tool = mcpTools.find((name) => name === text);
  if (tool) return tool;
  throw new Problem('invalid_input', `There is no tool “${text}”.`, `There are ${mcpTools.join(', ')}.`);
}

function stateOf({ revoked, expires }: Token): string {
  if (revoked !== null) return `revoked ${moment(revoked)}`;
  return expires === null ? 'in force' : `until ${moment(expires)}`;
}
