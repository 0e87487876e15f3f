import { z } from 'zod';
import { brief, eventKind } from './kind.ts';

/** Runs as graphs of subtasks. */
export const planKinds = {
  'orchestration.selected': eventKind({
    data: () =>
      z.strictObject({ mode: z.enum(['decompose', 'direct']), source: z.enum(['explicit', 'auto']) }),
    sentence: (d) => `chose to ${d.mode === 'direct' ? 'work directly' : 'decompose'} (${d.source})`,
  }),
  'plan.produced': eventKind({
    data: () => z.strictObject({ subtasks: z.int().min(0), replans: z.int().min(0) }),
    sentence: (d) => `planned ${d.subtasks} subtasks`,
  }),
  'plan.replanned': eventKind({
    data: () => z.strictObject({ reason: z.string() }),
    sentence: (d) => `planned again: ${brief(d.reason)}`,
    tone: 'waits',
  }),
  'subtask.started': eventKind({
    data: () => z.strictObject({ name: z.string(), role: z.string() }),
    sentence: (d) => `${d.name}, ${d.role}`,
    tone: 'running',
  }),
  'subtask.finished': eventKind({
    data: () => z.strictObject({ name: z.string(), ok: z.boolean() }),
    sentence: (d) => `${d.name} ${d.ok ? 'succeeded' : 'failed'}`,
  }),
  'subtask.expired': eventKind({
    data: () =>
      z.strictObject({
        name: z.string(),
        reason: z.enum(['hops_exhausted', 'wall_clock_exceeded', 'dependency_expired']),
      }),
    sentence: (d) => `${d.name} ran out: ${d.reason.replaceAll('_', ' ')}`,
    tone: 'refused',
  }),
  'subtask.model_escalated': eventKind({
    data: () =>
      z.strictObject({
        name: z.string(),
        fromTier: z.string(),
        toTier: z.string(),
        fromModel: z.string(),
        toModel: z.string(),
        reason: z.string(),
      }),
    sentence: (d) => `${d.name} moved from ${d.fromModel} to ${d.toModel}: ${brief(d.reason)}`,
  }),
  'subtask.output_missing': eventKind({
    data: () => z.strictObject({ name: z.string(), path: z.string() }),
    sentence: (d) => `${d.name} did not leave ${d.path}`,
    tone: 'refused',
  }),
};
