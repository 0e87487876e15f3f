import { z } from 'zod';
import { approvalLevelSchema, crossingSchema } from '../../../shared/approval.ts';
import { decidedPartSchema } from '../../../shared/rule.ts';
import type { Intent } from '../../tools/tool.ts';
import type { PlannedCall } from '../asking.ts';
import { hashOf } from '../weighing/call-parts.ts';
import type { Weighed } from '../weighing/weigh.ts';

const pathIntent = z.strictObject({ kind: z.enum(['read', 'write']), path: z.string() });
const ran = { cwd: z.string().nullable(), writes: z.boolean() };
const intentSchema: z.ZodType<Intent> = z.discriminatedUnion('kind', [
  pathIntent,
  z.strictObject({ kind: z.literal('exec'), argv: z.array(z.string()), ...ran }),
  z.strictObject({ kind: z.literal('shell'), line: z.string(), ...ran }),
  z.strictObject({ kind: z.literal('network'), host: z.string(), port: z.number() }),
  z.strictObject({ kind: z.literal('spawn'), agent: z.string() }),
  z.strictObject({ kind: z.literal('message'), to: z.string() }),
  z.strictObject({ kind: z.literal('action'), what: z.string() }),
]);

/** What stands in the blob of a question: all that a page shows, as it was when it was asked. */
export const questionSchema = z.strictObject({
  input: z.record(z.string(), z.json()),
  intents: z.array(intentSchema),
  crossings: z.array(crossingSchema),
  level: approvalLevelSchema.nullable(),
  parts: z.array(decidedPartSchema),
  difference: z.strictObject({ path: z.string(), text: z.string() }).nullable(),
  executed: z.string().nullable(),
  question: z.strictObject({ text: z.string(), choices: z.array(z.string()), free: z.boolean() }).nullable(),
});
export type Question = z.infer<typeof questionSchema>;

export interface Asked {
  readonly description: string;
  readonly whole: boolean;
  readonly where: string;
  readonly question: Question;
}

const mostDifference = 200_000;

/** What an answer to it holds for. */
export function bindingOf({ tool, input, folder, plan, executed }: BoundFacts): string {
  return hashOf({ tool: tool.name, input, folder, plan, executed });
}
type BoundFacts = Pick<PlannedCall, 'input' | 'folder' | 'plan' | 'executed'> & { tool: { name: string } };

export function askedOf(call: PlannedCall, weighed: Weighed): Asked {
  const { line, whole } = callLine(call);
  const difference = call.difference ?? null;
  return {
    description: line,
    whole: whole && difference === null,
    where: whereWords(call.tool.surface),
    question: {
      input: JSON.parse(JSON.stringify(call.input)) as Question['input'],
      intents: [...call.intents],
      crossings: call.crossings.map(({ kind, words }) => ({ kind, words: words.slice(0, 1000) })),
      level: call.level,
      parts: [...weighed.parts],
      difference: difference && { path: difference.path, text: difference.text.slice(0, mostDifference) },
      executed: call.executed,
      question: null,
    },
  };
}

function whereWords(surface: PlannedCall['tool']['surface']): string {
  if (surface === 'sandbox') return 'in the sandbox of its session';
  return surface === 'broker' ? 'outside, through Holdfast' : 'in Holdfast itself';
}

const mostShown = 120;
const mostLine = 300;
/** Letters, numbers, signs and single spaces: nothing that hides, turns round or moves what stands beside it. */
const plainLine = /^[\p{L}\p{N}\p{P}\p{S}]+( [\p{L}\p{N}\p{P}\p{S}]+)*$/u;

/** Scripts that are written from right to left change the order in which what stands beside them is shown. */
const otherWayRound = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF]|[\u{10000}-\u{10FFFF}]/u;

/** One line for a list, and whether that is all there is to know of the call. */
export function callLine({ tool, input, told = input, intents, preview }: LinedCall): {
  line: string;
  whole: boolean;
} {
  const given = Object.entries(told).filter(([, value]) => value !== undefined && value !== null);
  const [only] = intents;
  const isLine =
    intents.length === 1 && only?.kind === 'shell' && given.length === 1 && given[0]?.[1] === only.line;
  const all = isLine
    ? only.line
    : `${tool.title}: ${given.map(([name, value]) => `${name} ${shortValue(value)}`).join(', ')}`;
  const whole = all.length <= mostShown && plainLine.test(all) && !otherWayRound.test(all);
  const brief = isLine || preview === undefined ? all : `${tool.title}: ${preview}`;
  return { line: oneLine(whole ? all : brief), whole };
}
type LinedCall = Pick<PlannedCall, 'input' | 'told' | 'intents' | 'preview'> & { tool: { title: string } };

export function oneLine(text: string): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return line.length > mostLine ? `${line.slice(0, mostLine - 1).toWellFormed()}…` : line;
}

function shortValue(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, mostLine + 1);
  return (JSON.stringify(value) ?? '').slice(0, mostLine + 1);
}
