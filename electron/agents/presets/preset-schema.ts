import { z } from 'zod';
import { presetNameSchema } from '../../../shared/command-agent.ts';

const text = z.string().min(1);
const words = z.array(text);
const environment = z.record(text, z.string());

/**
 * What is known of a command-line agent, as data. An argument `{prompt}` is what it is told, `{options}` what the
 * gateway and MCP add, `{argv}` the declared arguments. Anywhere in what the gateway adds stand `{gateway}`, `{token}`
 * and `{model}`; in what MCP adds `{mcp}`, an address. Variables that hold JSON on both sides are joined.
 */
export function presetSchema() {
  return z.strictObject({
    name: presetNameSchema,
    title: text,
    description: text,
    program: text.optional().describe('What is looked for on the search path'),
    package: text.optional().describe('Of npm: whose package.json says the version'),
    install: text.optional(),
    plain: words.optional().describe('Without somebody at a terminal'),
    terminal: words.optional(),
    environment: environment.default({}),
    hosts: words.default([]),
    writable: words.default([]).describe('Below its home'),
    credential: z.strictObject({ variable: text, secret: text }).optional(),
    sign_in: z
      .strictObject({
        folder: text.describe('Below the person’s home, and at the same place below its own'),
        sign: text.describe('The file in it that is there after signing in'),
        hosts: words,
        consequence: text,
      })
      .optional(),
    gateway: z
      .strictObject({
        wire: z.enum(['messages', 'chat', 'responses', 'any']),
        needs_model: z.boolean().default(false),
        environment: environment.default({}),
        arguments: words.default([]),
        model: words.default([]).describe('Arguments too, where a model is named'),
      })
      .optional(),
    mcp: z
      .strictObject({
        arguments: words.default([]),
        environment: environment.default({}),
      })
      .optional()
      .describe('How its program is told of Holdfast; the token is read from HOLDFAST_MCP_TOKEN'),
    home_file: z
      .strictObject({
        path: text.describe('Below its home'),
        with_key: text.optional().describe('Where it is given the key of its “credential”'),
        with_mcp: text.optional(),
      })
      .optional()
      .describe('What its program reads from a file of JSON alone; what applies of it is joined'),
  });
}

export type Preset = z.output<ReturnType<typeof presetSchema>>;
