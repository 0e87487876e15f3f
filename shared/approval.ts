import { z } from 'zod';

/**
 * What asks: everything with an effect; whatever crosses a boundary; only actions and what is declared to ask;
 * or nothing (only where writes are disposable or reviewed and every host is listed).
 */
export const approvalLevels = ['everything', 'boundaries', 'actions', 'never'] as const;
export const approvalLevelSchema = z.enum(approvalLevels);
export type ApprovalLevel = z.infer<typeof approvalLevelSchema>;
