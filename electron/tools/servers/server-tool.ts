import type { ToolServer } from '../../../shared/tool-server.ts';
import type { Tool, ToolResult } from '../tool.ts';
import type { Accepted } from './acceptances.ts';
import { argumentsCheck, asInput, inputCheck } from './input-schema.ts';
import { isAction, policyOf, toolName } from './policy.ts';
import { shownText } from './shown-text.ts';

export type CallServer = (
  asked: { server: string; tool: string; digest: string; input: Readonly<Record<string, unknown>> },
  signal: AbortSignal,
) => Promise<ToolResult>;

const longestPreview = 400;

/** A tool of a server, as it was accepted, in the form of our own; null where nobody may call it. */
export async function serverTool(
  accepted: Accepted,
  declared: ToolServer,
  call: CallServer,
): Promise<Tool | null> {
  const { server, digest, told } = accepted;
  const policy = policyOf(declared, told.name);
  if (policy.level === 'deny') return null;
  const checks = [await inputCheck(told.input)];
  if (policy.arguments !== null) checks.push(await argumentsCheck(policy.arguments));
  const broken = checks.find((check) => typeof check === 'string');
  if (broken !== undefined) return null;
  const name = toolName(server, told.name);
  const action = isAction(declared, told.name, told.readOnly);
  const what = `call ${told.name} of the server ${server}`;
  return {
    name,
    title: shownText(told.title ?? told.name).slice(0, 200),
    description: `A tool of the server “${server}”, in its own words:\n${shownText(told.description)}`,
    input: asInput(checks.filter((check) => typeof check === 'function')),
    schema: told.input,
    needs: null,
    repeatable: policy.repeatable,
    parallel: false,
    surface: declared.transport.kind === 'stdio' ? 'none' : 'broker',
    action,
    intends: () => (action ? [{ kind: 'action', what }] : []),
    preview: (input) => preview(input as Readonly<Record<string, unknown>>),
    run: (input, _hands, signal) =>
      call({ server, tool: told.name, digest, input: input as Readonly<Record<string, unknown>> }, signal),
  };
}

function preview(input: Readonly<Record<string, unknown>>): string {
  return shownText(JSON.stringify(input)).slice(0, longestPreview).toWellFormed();
}
