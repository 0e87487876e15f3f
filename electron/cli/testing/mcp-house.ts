import { once } from 'node:events';
import { createServer } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';
import type { McpServing } from '../../../shared/mcp.ts';
import { answerOf } from './launch.ts';

export interface Program {
  readonly client: Client;
  readonly token: string;
  readonly id: string;
  /** What a tool answered; its words, where it refused. */
  readonly call: (name: string, input?: Record<string, unknown>) => Promise<CallAnswer>;
}

export interface CallAnswer {
  readonly refused: string | null;
  readonly said: Record<string, unknown>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Lets the house on this folder listen for programs; where they find it. */
export async function listenForPrograms(folder: string): Promise<string> {
  const port = String(await freePort());
  const { address } = await answerOf<McpServing>(folder, 'mcp', 'serve', '--port', port);
  return address ?? '';
}

/** A program that was let in with these options of `mcp clients add`, and speaks the newest version. */
export async function letIn(
  folder: string,
  address: string,
  options: readonly string[] = [],
  client = new Client({ name: 'a program', version: '1.0' }, { versionNegotiation: { mode: 'auto' } }),
): Promise<Program> {
  const made = await answerOf<{ token: { id: string }; value: string }>(
    folder,
    'mcp',
    'clients',
    'add',
    'a program',
    ...options,
  );
  const headers = { authorization: `Bearer ${made.value}` };
  onTestFinished(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers } }));
  return {
    client,
    token: made.value,
    id: made.token.id,
    async call(name, input = {}) {
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: input });
      const [first] = content as { text?: string }[];
      return {
        refused: isError === true ? (first?.text ?? '') : null,
        said: (structuredContent ?? {}) as Record<string, unknown>,
      };
    },
  };
}
