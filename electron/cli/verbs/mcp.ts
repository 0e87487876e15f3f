import type { Command } from 'commander';
import type { McpServing } from '../../../shared/mcp.ts';
import { Problem } from '../../../shared/problem.ts';
import { type Common, openSession, verb } from '../session.ts';
import { readCount } from '../values.ts';
import { addMcpClientVerbs } from './mcp-clients.ts';
import { addMcpServerVerbs } from './mcp-servers.ts';

const tokenVariable = 'HOLDFAST_MCP_TOKEN';

interface ServeOptions extends Common {
  off?: true;
  port?: string;
}

/** Programs that speak with Holdfast by MCP, and servers of tools that it speaks with. */
export function addMcpVerbs(program: Command): void {
  const mcp = program
    .command('mcp')
    .helpCommand(false)
    .summary('Let programs hand over goals by MCP, and use the tools of MCP servers')
    .description(
      `Let programs hand over goals by MCP, and use the tools of MCP servers.\nWithout a verb: speak MCP on standard input and output with the Holdfast that runs here, by the token in ${tokenVariable}, or by one that is kept for this.`,
    )
    .option('--data <dir>', 'the data folder, where it is not the usual one')
    .addHelpText('after', `\nExample:\n  $ holdfast mcp serve\n  $ holdfast mcp < questions`)
    .action(speak);
  verb(mcp, 'serve', 'Listen for programs on this machine, or no more', 'holdfast mcp serve --port 3781')
    .option('--off', 'listen no more')
    .option('--port <number>', 'the port on 127.0.0.1 (default: as before, at first 3781)')
    .action(async (options: ServeOptions) => {
      const { client, out } = openSession(options);
      const port = options.port === undefined ? null : readCount('--port', options.port, 1, 65_535);
      const serving = await client.mcp.serve({ on: options.off !== true, port });
      if (serving.problem !== null) throw new Problem('conflict', serving.problem);
      out.result(serving, () => [wordsOf(serving)]);
    });
  addMcpClientVerbs(mcp);
  addMcpServerVerbs(mcp);
}

const wordsOf = ({ address }: McpServing) =>
  address === null ? 'Nothing listens for MCP.' : `Programs find Holdfast at ${address}.`;

/** Starts nothing by itself: who speaks is the Holdfast that runs. */
async function speak(options: Common): Promise<void> {
  const { client, paths } = openSession(options);
  const [{ McpBridge }, { isInForce, usualMcpToken }, { fetchThrough }] = await Promise.all([
    import('../mcp-bridge.ts'),
    import('../mcp-token.ts'),
    import('../socket-fetch.ts'),
  ]);
  await client.house.health();
  const given = process.env[tokenVariable];
  if (given !== undefined && !(await isInForce(given, paths))) {
    throw new Problem(
      'unauthorized',
      `The token in ${tokenVariable} was not made for MCP, or is in force no more.`,
      'Make one with `holdfast mcp clients add NAME`.',
    );
  }
  const bridge = new McpBridge({
    input: process.stdin,
    output: process.stdout,
    token: given ?? (await usualMcpToken(paths, client)),
    fetch: fetchThrough(paths.socket),
    say: (text) => void process.stderr.write(`${text}\n`),
  });
  await bridge.run();
}
