import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../shared/capability/custom-params.ts';
import { isTooDeep } from '../../../shared/depth.ts';

type Json = Parameters<typeof canonicalJson>[0];

/** A tool as its server tells of it: what a person sees, and what is held against it later. */
export interface ToldTool {
  readonly name: string;
  readonly title: string | null;
  readonly description: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: unknown;
  readonly readOnly: boolean;
  readonly destructive: boolean;
}

export interface FoundTool extends ToldTool {
  readonly digest: string;
  /** Why it cannot be used at all; null: it can. */
  readonly problem: string | null;
}

/** What one server may have at most. */
export const mostTools = 500;
const longestDescription = 20_000;
const longestSchema = 100_000;
/** As rules and rights can name it behind `mcp.SERVER.`; a colon is for what is made here. */
const usableName = /^[A-Za-z0-9_][\w./-]{0,127}$/;

interface Listed {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: unknown;
  readonly outputSchema?: unknown;
  readonly annotations?:
    | {
        readonly title?: string | undefined;
        readonly readOnlyHint?: boolean | undefined;
        readonly destructiveHint?: boolean | undefined;
      }
    | undefined;
}

export function foundTool(listed: Listed): FoundTool {
  const { name, description = '', inputSchema, outputSchema = null, annotations = {} } = listed;
  const told: ToldTool = {
    name,
    title: listed.title ?? annotations.title ?? null,
    description,
    input: isObject(inputSchema) ? inputSchema : {},
    output: outputSchema,
    readOnly: annotations.readOnlyHint === true,
    destructive: annotations.readOnlyHint !== true && annotations.destructiveHint !== false,
  };
  if (isTooDeep(inputSchema) || isTooDeep(outputSchema)) {
    return { ...bare(name), digest: digestOf(bare(name)), problem: 'Its schema is nested too deeply.' };
  }
  const problem = problemOf(told);
  const kept = problem === null ? told : { ...bare(name), description: description.slice(0, 2000) };
  return { ...kept, digest: digestOf(told), problem };
}

function problemOf({ name, description, title, input, output }: ToldTool): string | null {
  if (!usableName.test(name)) {
    return 'Its name has letters that no right and no rule can name, or is too long.';
  }
  if (description.length + (title?.length ?? 0) > longestDescription) {
    return `Its description has more than ${longestDescription.toLocaleString('en')} letters.`;
  }
  if (JSON.stringify(input).length + JSON.stringify(output).length > longestSchema) {
    return `Its schemas have more than ${longestSchema.toLocaleString('en')} letters.`;
  }
  return null;
}

function bare(name: string): ToldTool {
  return { name, title: null, description: '', input: {}, output: null, readOnly: false, destructive: true };
}

/** Of everything that decides how a model and a person understand it. */
export function digestOf(told: ToldTool): string {
  const { name, title, description, input, output, readOnly, destructive } = told;
  const plain = JSON.parse(
    JSON.stringify({ name, title, description, input, output, readOnly, destructive }),
  ) as Json;
  return createHash('sha256').update(canonicalJson(plain)).digest('hex');
}

/** As the record keeps it, and as it is read again. */
export function writeTold({
  name,
  title,
  description,
  input,
  output,
  readOnly,
  destructive,
}: ToldTool): string {
  return JSON.stringify({ name, title, description, input, output, readOnly, destructive });
}

export function readTold(text: string): ToldTool {
  return JSON.parse(text) as ToldTool;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
