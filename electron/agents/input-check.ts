import { z } from 'zod';
import type { CallPart } from '../../shared/conversation.ts';
import type { Tool } from '../tools/tool.ts';

export type CheckedInput =
  | { readonly ok: true; readonly input: Readonly<Record<string, unknown>> }
  /** What the model is told, so that it can mend its call. */
  | { readonly ok: false; readonly problem: string };

const mostSaid = 4000;

export function checkInput(
  tool: Tool,
  given: unknown,
  malformed: CallPart['malformed'] = null,
): CheckedInput {
  if (malformed !== null)
    return { ok: false, problem: refusal(tool, `The arguments are no JSON object: ${malformed}`) };
  const checked = tool.input.safeParse(given);
  if (checked.success) return { ok: true, input: checked.data as Readonly<Record<string, unknown>> };
  return { ok: false, problem: refusal(tool, z.prettifyError(checked.error)) };
}

function refusal(tool: Tool, why: string): string {
  const schema = JSON.stringify(tool.schema ?? z.toJSONSchema(tool.input, { io: 'input' }));
  const said = `The call of ${tool.name} was not understood, and nothing was done.\n${why}\nIts arguments must fit this schema: ${schema}`;
  return said.length > mostSaid ? `${said.slice(0, mostSaid).toWellFormed()}…` : said;
}
