import type { IncomingMessage } from 'node:http';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server';
import type { Tool } from '../calling/tool.ts';
import { toolFor } from '../tools/catalogue.ts';
import type { McpCaller } from './caller.ts';
import { type SaidOfClient, saidInEnvelope } from './said-of-client.ts';

/** A call in the newest words of the protocol that wants to hear nothing before its answer. */
export interface PlainCall {
  readonly id: string | number;
  readonly tool: Tool;
  readonly input: unknown;
  readonly client: SaidOfClient;
}

const version = '2026-07-28';
const messageKeys = new Set(['jsonrpc', 'id', 'method', 'params']);
const paramKeys = new Set(['name', 'arguments', '_meta']);
const metaKeys = new Set([PROTOCOL_VERSION_META_KEY, CLIENT_INFO_META_KEY, CLIENT_CAPABILITIES_META_KEY]);

/**
 * Nearly every message is one of these, and is answered in one piece without a server of the kit made for it. Null where
 * anything at all is otherwise: what is wrong, rare or older is the kit's to understand and to refuse.
 */
export function plainCall(
  { method, headers }: IncomingMessage,
  message: unknown,
  { rights }: McpCaller,
): PlainCall | null {
  if (method !== 'POST' || !isObject(message, messageKeys) || !isObject(message.params, paramKeys))
    return null;
  const { jsonrpc, id, params } = message;
  const { name, arguments: input = {}, _meta: meta } = params;
  if (jsonrpc !== '2.0' || message.method !== 'tools/call' || typeof name !== 'string') return null;
  if (!isObject(input) || !isObject(meta, metaKeys) || !saysWhoAsks(meta)) return null;
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return null;
  const said =
    headers['mcp-protocol-version'] === version &&
    headers['mcp-method'] === 'tools/call' &&
    headers['mcp-name'] === name;
  const tool = toolFor(name, rights);
  return said && tool ? { id: id as string | number, tool, input, client: saidInEnvelope(meta) } : null;
}

function saysWhoAsks(meta: Readonly<Record<string, unknown>>): boolean {
  const client = meta[CLIENT_INFO_META_KEY];
  return (
    meta[PROTOCOL_VERSION_META_KEY] === version &&
    isObject(client) &&
    typeof client.name === 'string' &&
    typeof client.version === 'string' &&
    isObject(meta[CLIENT_CAPABILITIES_META_KEY])
  );
}

function isObject(value: unknown, keys?: ReadonlySet<string>): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return keys === undefined || Object.keys(value).every((key) => keys.has(key));
}
