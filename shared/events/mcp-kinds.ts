import { z } from 'zod';
import { eventKind } from './kind.ts';

const answered = () => ({
  ok: z.boolean(),
  problem: z.string().max(1000).nullable(),
  milliseconds: z.int().min(0),
});

/** What programs ask of Holdfast by MCP. Who asks is the actor: a token, or the session whose agent it is. */
export const mcpKinds = {
  'mcp.called': eventKind({
    data: () =>
      z.strictObject({
        tool: z.string().max(100),
        program: z.string().max(200).nullable().describe('as it calls itself'),
        input: z.string().max(2000).nullable().describe('null: it is long, and its beginning is attached'),
        inputBytes: z.int().min(0).describe('as it was sent'),
        answer: z
          .strictObject(answered())
          .optional()
          .describe(
            'of what only reads, whose answer waits for this event; what acts is answered by another',
          ),
      }),
    sentence: (d) =>
      `called ${d.tool}${d.program === null ? '' : ` from ${d.program}`} by MCP${refusalWords(d.answer)}`,
    otel: 'execute_tool',
    tone: 'running',
  }),
  'mcp.answered': eventKind({
    data: () => z.strictObject({ tool: z.string().max(100), ...answered() }),
    sentence: (d) =>
      d.ok ? `was answered by ${d.tool}` : `was refused by ${d.tool}: ${d.problem ?? 'it failed'}`,
  }),
};

function refusalWords(answer: { ok: boolean; problem: string | null } | undefined): string {
  return answer === undefined || answer.ok ? '' : `, and was refused: ${answer.problem ?? 'it failed'}`;
}
