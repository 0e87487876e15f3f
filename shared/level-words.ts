import type { ApprovalLevel } from './approval.ts';

/** When an agent asks, as it follows “It asks you”. */
export const levelWords: Record<ApprovalLevel, string> = {
  everything: 'before every call that does something',
  boundaries: 'where it would cross a boundary',
  actions: 'only before actions outside',
  never: 'never',
};
