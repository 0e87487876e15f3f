import { z } from 'zod';
import { brief, eventKind } from './kind.ts';

const surface = z.enum(['none', 'namespace', 'container', 'broker']);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Rights, tools and approvals: what was tried, allowed, refused and done. */
export const actionKinds = {
  'capability.granted': eventKind({
    data: z.strictObject({ token: z.string(), capability: z.string() }),
    sentence: (d) => `was granted ${d.capability}`,
  }),
  'capability.denied': eventKind({
    data: z.strictObject({ capability: z.string(), reason: z.string() }),
    sentence: (d) => `was refused ${d.capability}: ${brief(d.reason)}`,
    tone: 'refused',
  }),
  'capability.revoked': eventKind({
    data: z.strictObject({ token: z.string(), capability: z.string() }),
    sentence: (d) => `lost ${d.capability}`,
  }),
  'tool.invoked': eventKind({
    data: z.strictObject({ tool: z.string(), inputHash: hash, preview: z.string().max(2000), surface }),
    sentence: (d) => `${d.tool} ${brief(d.preview, 100)}`,
    otel: 'execute_tool',
    tone: 'running',
  }),
  'tool.finished': eventKind({
    data: z.strictObject({ tool: z.string(), ok: z.boolean(), preview: z.string().max(2000), surface }),
    sentence: (d) => `${d.tool} ${d.ok ? 'returned' : 'failed'}: ${brief(d.preview, 100)}`,
    otel: 'execute_tool',
  }),
  'tool.repeated': eventKind({
    data: z.strictObject({ tool: z.string(), inputHash: hash, attempts: z.int().min(1) }),
    sentence: (d) => `called ${d.tool} the same way ${d.attempts} times`,
    tone: 'waits',
  }),
  'tool.repeat_stopped': eventKind({
    data: z.strictObject({ tool: z.string(), attempts: z.int().min(1) }),
    sentence: (d) => `was stopped from repeating ${d.tool} after ${d.attempts} attempts`,
    tone: 'refused',
  }),
  'approval.asked': eventKind({
    data: z.strictObject({ approval: z.string(), description: z.string() }),
    sentence: (d) => `asks: ${brief(d.description)}`,
    tone: 'waits',
  }),
  'approval.granted': eventKind({
    data: z.strictObject({ approval: z.string() }),
    sentence: () => 'allowed it',
    tone: 'good',
  }),
  'approval.denied': eventKind({
    data: z.strictObject({ approval: z.string(), reason: z.string() }),
    sentence: (d) => `denied it: ${brief(d.reason)}`,
    tone: 'refused',
  }),
};
