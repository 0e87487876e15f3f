import type { Command } from 'commander';
import type { ToolServerPage, ToolServerRow } from '../../../shared/tool-server.ts';
import { Problem } from '../../../shared/problem.ts';
import { insistOn } from '../ask.ts';
import { readDeclaredText } from '../declared-text.ts';
import { aligned, harmless, tinted } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { pageLines, rowCells, toolLines } from '../tool-server-lines.ts';
import { readServerWish, type ServerOptions } from '../tool-server-wish.ts';

/** Servers of tools that others wrote. */
export function addMcpServerVerbs(mcp: Command): void {
  const servers = mcp
    .command('servers')
    .helpCommand(false)
    .summary('Say which servers of tools there are; add, accept and remove them')
    .description('Say which servers of tools there are; add, accept and remove them.')
    .option('--data <dir>', 'the data folder, where it is not the usual one')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nExample:\n  $ holdfast mcp servers')
    .action(listServers);
  verb(servers, 'list', 'Say which servers there are', 'holdfast mcp servers list').action(listServers);
  verb(servers, 'show <server>', 'Say all of one server', 'holdfast mcp servers show files').action(
    async (server: string, options: Common) => {
      const { client, out } = openSession(options);
      const page = await client.toolServers.get({ server });
      out.result(page, () => pageLines(page));
    },
  );
  verb(
    servers,
    'log <server>',
    'Say the last lines of its standard error',
    'holdfast mcp servers log files',
  ).action(async (server: string, options: Common) => {
    const { client, out } = openSession(options);
    const { said } = await client.toolServers.get({ server });
    out.result(said, () => said.map(harmless));
  });
  addWriting(servers);
  addLiving(servers);
  addSigning(servers);
  addTesting(mcp);
}

async function listServers(options: Common): Promise<void> {
  const { client, out } = openSession(options);
  const rows = await client.toolServers.list();
  out.result(rows, () => aligned(rows.map(rowCells)));
}

function addWriting(servers: Command): void {
  verb(
    servers,
    'add <server> [command...]',
    'Add a server that runs here in a sandbox, or one elsewhere; it is started when it is needed',
    'holdfast mcp servers add files --folder ~/notes:ro -- mcp-server-filesystem ~/notes',
  )
    .option('--url <address>', 'one elsewhere, at this address')
    .option('--sse', 'with --url: it speaks the older way of events')
    .option('--folder <dir>', 'a folder for it, as DIR:ro or DIR:rw; may be repeated', collect)
    .option('--allow-host <host>', 'a host that it may connect to; may be repeated', collect)
    .option('--env <name=value>', 'a variable for it; may be repeated', collect)
    .option('--secret <name=secret>', 'a variable from a stored secret; may be repeated', collect)
    .option('--header <name=secret>', 'with --url: a header from a stored secret; may be repeated', collect)
    .option('--file <file>', 'the whole declaration, as YAML')
    .action(async (server: string, command: string[], options: Common & ServerOptions) => {
      const { client, out } = openSession(options);
      const text = options.file
        ? await readDeclaredText(options.file)
        : readServerWish(command, options, process.cwd());
      const page = await client.toolServers.save({ server, text });
      out.result(page, () => [
        `Added ${server}. See its tools with \`holdfast mcp servers start ${server}\`, then accept them.`,
      ]);
    });
  verb(
    servers,
    'import <file>',
    'Add servers from a file of another program: mcpServers, servers.json, mcp-servers.yaml',
    'holdfast mcp servers import ~/.cursor/mcp.json --only github',
  )
    .option('--only <server>', 'this one; may be repeated (default: all of them)', collect)
    .action(async (file: string, options: Common & { only?: string[] }) => {
      const { client, out } = openSession(options);
      const read = await client.toolServers.read({ text: await readDeclaredText(file) });
      const { only } = options;
      const chosen = read.servers.filter(({ server }) => only?.includes(server) ?? true);
      const absent = only?.find((name) => !chosen.some(({ server }) => server === name));
      if (absent !== undefined) {
        const names = read.servers.map(({ server }) => server).join(', ');
        throw new Problem('not_found', `The file has no server “${absent}”.`, `It has ${names || 'none'}.`);
      }
      for (const { server, text } of chosen) await client.toolServers.save({ server, text });
      out.result({ ...read, servers: chosen }, () => [
        ...chosen.flatMap(({ server, notes }) => [
          `Added ${server}.`,
          ...notes.map((note) => tinted('quiet', `  ${harmless(note)}`)),
        ]),
        ...read.problems.map((problem) => tinted('bad', harmless(problem))),
      ]);
    });
  verb(servers, 'remove <server>', 'Remove a server', 'holdfast mcp servers remove files --yes')
    .option('--yes', 'do not ask')
    .action(async (server: string, options: Common & { yes?: true }) => {
      const { client, out } = openSession(options);
      await insistOn(`Remove the server ${server}?`, options.yes);
      const removed = await client.toolServers.remove({ server });
      out.result(removed, () => [`Removed ${server}.`]);
    });
}

function addLiving(servers: Command): void {
  verb(
    servers,
    'start <server>',
    'Start a server, or start it again; ends with 6 where it does not come to work',
    'holdfast mcp servers start files',
  ).action(async (server: string, options: Common) => {
    const { client, out } = openSession(options);
    const page = await client.toolServers.start({ server });
    out.result(page, () => pageLines(page));
    if (!isReady(page.row)) process.exitCode = 6;
  });
  verb(
    servers,
    'stop <server>',
    'End a server until it is needed again',
    'holdfast mcp servers stop files',
  ).action(async (server: string, options: Common) => {
    const { client, out } = openSession(options);
    const page = await client.toolServers.stop({ server });
    out.result(page, () => [`Ended ${server}.`]);
  });
  verb(
    servers,
    'accept <server> [tool...]',
    'Let agents use its tools as they are now; without names, you are shown all of them and asked',
    'holdfast mcp servers accept files read_text_file',
  )
    .option('--yes', 'do not ask')
    .action(async (server: string, names: string[], options: Common & { yes?: true }) => {
      const { client, out } = openSession(options);
      const seen = await client.toolServers.get({ server });
      const known = seen.row.state === 'ready' ? seen : await client.toolServers.start({ server });
      const chosen = choose(known, names);
      if (chosen.length === 0) {
        out.result(known, () => ['There is nothing to accept.']);
        return;
      }
      for (const tool of chosen) for (const line of toolLines(tool)) out.say(line);
      if (names.length === 0) await insistOn(`Accept these ${chosen.length}?`, options.yes);
      const page = await client.toolServers.accept({
        server,
        digests: chosen.map(({ digest }) => digest),
      });
      out.result(page, () => chosen.map(({ tool }) => `Agents with the right “tool: ${tool}” may use it.`));
    });
}

function addSigning(servers: Command): void {
  verb(
    servers,
    'sign-in <server>',
    'Sign in at a server with your browser, which comes back by itself',
    'holdfast mcp servers sign-in issues',
  ).action(async (server: string, options: Common) => {
    const { client, out } = openSession(options);
    const signing = await client.toolServers.signIn({ server });
    out.say('Open this address in your browser; what comes of it is told by `holdfast mcp servers`:');
    out.result(signing, () => [harmless(signing.url)]);
  });
  verb(
    servers,
    'sign-out <server>',
    'Forget the sign-in at a server',
    'holdfast mcp servers sign-out issues',
  ).action(async (server: string, options: Common) => {
    const { client, out } = openSession(options);
    const page = await client.toolServers.signOut({ server });
    out.result(page, () => [`The sign-in at ${server} is forgotten.`]);
  });
}

function choose(page: ToolServerPage, names: readonly string[]): ToolServerPage['tools'] {
  const waiting = page.tools.filter(({ accepted, problem }) => !accepted && problem === null);
  if (names.length === 0) return waiting;
  const absent = names.find((name) => !page.tools.some((tool) => tool.name === name));
  if (absent === undefined) return waiting.filter(({ name }) => names.includes(name));
  const all = page.tools.map(({ name }) => harmless(name)).join(', ');
  throw new Problem('not_found', `The server has no tool “${absent}”.`, `It has ${all || 'none'}.`);
}

function addTesting(mcp: Command): void {
  verb(
    mcp,
    'test <server> <tool> [arguments]',
    'Call a tool of a server yourself; ends with 6 where it says that it failed',
    `holdfast mcp test files list_directory '{"path":"/home/me/notes"}'`,
  ).action(async (server: string, tool: string, given: string | undefined, options: Common) => {
    const { client, out } = openSession(options);
    const called = await client.toolServers.call({ server, tool, input: readArguments(given ?? '{}') });
    out.result(called, () => called.text.split('\n').map(harmless));
    if (!called.ok) process.exitCode = 6;
  });
}

function readArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('invalid_input', 'The arguments are no JSON.', 'Write them as in \'{"path":"/x"}\'.');
  }
}

const isReady = ({ state }: ToolServerRow): boolean => state === 'ready';
