import { z } from 'zod';
import { denialReasons, denialReasonSchema, limitsSchema } from '../capability.ts';
import { deedOfText, limitsInWords } from '../capability/words.ts';
import { idSchema } from '../ids.ts';
import { brief, eventKind } from './kind.ts';

const surface = z.enum(['none', 'namespace', 'container', 'broker']);
/** A capability token is named by its `cap_` id; who reads the record cannot use it. */
const right = { token: idSchema('capability'), agent: z.string(), capability: z.string() };
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const call = idSchema('call');

/** Rights and tools: what was tried, allowed, refused and done. */
export const actionKinds = {
  'capability.granted': eventKind({
    data: () =>
      z.strictObject({
        ...right,
        limits: limitsSchema,
        parent: idSchema('capability').nullable().describe('the token that this one was narrowed from'),
      }),
    sentence: (d) => `allowed ${d.agent} to ${deedOfText(d.capability)}${limitsInWords(d.limits)}`,
  }),
  'capability.used': eventKind({
    data: () =>
      z.strictObject({ ...right, used: z.int().min(1).describe('how often in all, this time included') }),
    sentence: (d) => `used its right to ${deedOfText(d.capability)}, ${d.used} in all`,
  }),
  'capability.denied': eventKind({
    data: () =>
      z.strictObject({
        token: idSchema('capability').nullable().describe('null where there is no such token'),
        agent: z.string(),
        capability: z.string().describe('what was asked for'),
        reason: denialReasonSchema,
        count: z.int().min(1).describe('how many alike were refused since the last such event'),
      }),
    sentence: (d) =>
      `was refused ${brief(d.capability)}${d.count > 1 ? ` ${d.count} times` : ''}: ${denialReasons[d.reason]}`,
    tone: 'refused',
  }),
  'capability.revoked': eventKind({
    data: () => z.strictObject({ ...right, reason: z.string() }),
    sentence: (d) => `took from ${d.agent} the right to ${deedOfText(d.capability)}: ${brief(d.reason)}`,
  }),
  'tool.invoked': eventKind({
    data: () =>
      z.strictObject({
        tool: z.string(),
        inputHash: hash,
        preview: z.string().max(2000),
        surface,
        call: call.optional().describe('where an agent called it; its blob `input.json` is what was given'),
        repeatable: z.boolean().optional().describe('may simply be done again where its end is unknown'),
        decidedBy: z.string().max(2000).optional().describe('who or what let it happen, in words'),
        approval: idSchema('approval').optional(),
      }),
    sentence: (d) => `${d.tool} ${brief(d.preview, 100)}`,
    otel: 'execute_tool',
    tone: 'running',
  }),
  'tool.finished': eventKind({
    data: () =>
      z.strictObject({
        tool: z.string(),
        ok: z.boolean(),
        preview: z.string().max(2000),
        surface,
        call: call.optional().describe('its blob `result.json` is what the model receives'),
        milliseconds: z.number().min(0).optional(),
        denied: z.boolean().optional().describe('it did not happen: refused by a right, a rule or a person'),
        decidedBy: z
          .string()
          .max(2000)
          .optional()
          .describe('who or what let it happen, or did not, in words'),
        approval: idSchema('approval').optional(),
      }),
    sentence: (d) => `${d.tool} ${d.ok ? 'returned' : 'failed'}: ${brief(d.preview, 100)}`,
    otel: 'execute_tool',
  }),
  /** After a crash: its intent is on the record, its end is not. */
  'tool.doubted': eventKind({
    data: () => z.strictObject({ tool: z.string(), call }),
    sentence: (d) => `may or may not have done ${d.tool}: a person decides`,
    tone: 'waits',
  }),
  'tool.settled': eventKind({
    data: () => z.strictObject({ tool: z.string(), call, decision: z.enum(['redo', 'skip', 'fail']) }),
    sentence: (d) =>
      `decided about ${d.tool}: ${{ redo: 'do it again', skip: 'take it as done', fail: 'take it as failed' }[d.decision]}`,
  }),
  'tool.repeated': eventKind({
    data: () => z.strictObject({ tool: z.string(), inputHash: hash, attempts: z.int().min(1) }),
    sentence: (d) => `called ${d.tool} the same way ${d.attempts} times`,
    tone: 'waits',
  }),
  'tool.repeat_stopped': eventKind({
    data: () => z.strictObject({ tool: z.string(), attempts: z.int().min(1) }),
    sentence: (d) => `was stopped from repeating ${d.tool} after ${d.attempts} attempts`,
    tone: 'refused',
  }),
  /** The intent, before anything leaves this machine: what a person tries without an agent. */
  'trial.begun': eventKind({
    data: () => z.strictObject({ what: z.enum(['mail', 'search', 'tool']), with: z.string().max(400) }),
    sentence: (d) =>
      ({
        mail: `sends a test message to ${d.with}`,
        search: `searches the web for “${brief(d.with, 80)}”`,
        tool: `tries the tool ${brief(d.with, 80)}`,
      })[d.what],
  }),
  'trial.ended': eventKind({
    data: () =>
      z.strictObject({
        what: z.enum(['mail', 'search', 'tool']),
        problem: z.string().max(2000).nullable(),
      }),
    sentence: (d) => `tried the ${d.what}: ${d.problem === null ? 'it works' : brief(d.problem)}`,
  }),
};
