import { inputRequired, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });
const plain = (description: string) => ({ description, inputSchema: z.object({}) });

/** A server of tools with the newest protocol; `hear` is told what happens in it. */
export function newestServer(hear: (words: string) => void, grown: readonly string[] = []): McpServer {
  const mcp = new McpServer(
    { name: 'newest', version: '1' },
    { capabilities: { tools: { listChanged: true } } },
  );
  mcp.registerTool(
    'wait',
    plain('tells how far it is until it is told to stop'),
    async (_input, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken;
      const params = {
        progressToken: progressToken ?? 'nobody',
        progress: 1,
        total: 2,
        message: 'the first step',
      };
      await mcpReq.notify({ method: 'notifications/progress', params });
      hear('I wait now');
      await new Promise((resolve) => mcpReq.signal.addEventListener('abort', resolve, { once: true }));
      hear('I am told to stop');
      return text('stopped');
    },
  );
  mcp.registerTool('ask', plain('asks the person'), () =>
    inputRequired({
      inputRequests: {
        who: inputRequired.elicit({
          message: 'Your password?',
          requestedSchema: { type: 'object', properties: {} },
        }),
      },
    }),
  );
  mcp.registerTool('grow', plain('has one tool more afterwards'), () => {
    mcp.registerTool('another', plain('is new'), () => text('new'));
    return text('grown');
  });
  for (const name of grown) mcp.registerTool(name, plain('is new'), () => text('new'));
  return mcp;
}

if (import.meta.main) {
  const hear = (words: string) => void process.stderr.write(`${words}\n`);
  serveStdio(() => newestServer(hear), { legacy: 'reject' });
}
