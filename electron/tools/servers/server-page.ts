import type { ServerTool, ToolServerPage, ToolServerRow } from '../../../shared/tool-server.ts';
import type { Accepted } from './acceptances.ts';
import type { LiveServer } from './live-server.ts';
import { policyOf, toolName } from './policy.ts';
import type { DeclaredServer } from './server-file.ts';
import { placeOfServer } from './server-values.ts';
import { shownText } from './shown-text.ts';
import { type FoundTool, foundTool } from './told-tool.ts';

type AcceptedTools = ReadonlyMap<string, Accepted>;

export function rowOf(
  { name, value, problem }: DeclaredServer,
  live: LiveServer | null,
  accepted: AcceptedTools,
): ToolServerRow {
  if (!value || !live) {
    const mend = 'Mend it in mcp.yaml.';
    return { name, kind: null, at: '', state: 'broken', problem, mend, tools: null, changed: 0, since: null };
  }
  const tools = live.tools;
  const waiting = (tools ?? []).filter(
    (tool) => tool.problem === null && accepted.get(tool.name)?.digest !== tool.digest,
  );
  const facts = live.facts;
  return {
    name,
    kind: value.transport.kind,
    at: placeOfServer(value),
    ...facts,
    state: value.enabled ? facts.state : 'off',
    tools: tools?.length ?? (accepted.size > 0 ? accepted.size : null),
    changed: waiting.length,
  };
}

/** What was accepted, where the server has not told of its tools in this life. */
export async function pageOf(
  row: ToolServerRow,
  { text, value }: DeclaredServer,
  live: LiveServer | null,
  accepted: AcceptedTools,
): Promise<ToolServerPage> {
  const known = live?.tools ?? [...accepted.values()].map(({ told }) => asFound(told));
  const connection = live?.connection;
  const { resources, prompts } = (await connection?.others()) ?? { resources: [], prompts: [] };
  return {
    row,
    text,
    instructions: connection?.instructions ? shownText(connection.instructions) : null,
    version: connection?.version ? shownText(connection.version) : null,
    protocol: connection?.protocol ?? null,
    tools: value ? known.map((tool) => pageTool(row.name, tool, accepted, value)) : [],
    resources: resources.map(({ uri, name, mimeType }) => ({
      uri: shownText(uri).slice(0, 2000),
      name: shownText(name).slice(0, 200),
      type: mimeType === undefined ? null : shownText(mimeType).slice(0, 200),
    })),
    prompts: prompts.map(({ name, description }) => ({
      name: shownText(name).slice(0, 200),
      description: description === undefined ? null : shownText(description).slice(0, 1000),
    })),
    layers: [...(connection?.layers ?? [])],
    said: live?.said.all() ?? [],
  };
}

function asFound(told: Accepted['told']): FoundTool {
  const { name, title, description, input, output, readOnly, destructive } = told;
  return foundTool({
    name,
    description,
    inputSchema: input,
    outputSchema: output,
    annotations: { readOnlyHint: readOnly, destructiveHint: destructive },
    ...(title === null ? {} : { title }),
  });
}

function pageTool(
  server: string,
  tool: FoundTool,
  accepted: AcceptedTools,
  declared: Parameters<typeof policyOf>[0],
): ServerTool {
  const before = accepted.get(tool.name);
  const isAccepted = before?.digest === tool.digest && tool.problem === null;
  return {
    name: shownText(tool.name),
    tool: toolName(server, shownText(tool.name)),
    title: tool.title === null ? null : shownText(tool.title),
    description: shownText(tool.description),
    input: tool.input,
    readOnly: tool.readOnly,
    destructive: tool.destructive,
    policy: policyOf(declared, tool.name),
    digest: tool.digest,
    accepted: isAccepted,
    before:
      before && !isAccepted
        ? { description: shownText(before.told.description), input: before.told.input }
        : null,
    problem: tool.problem,
  };
}
