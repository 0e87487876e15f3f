import { approvalLevels, type ApprovalLevel } from '../../shared/approval.ts';

/** When it asks, as they follow “It asks you”. */
export const levelWords: Record<ApprovalLevel, string> = {
  everything: 'before every call that does something',
  boundaries: 'where it would cross a boundary',
  actions: 'only before actions outside',
  never: 'never',
};

export const levelOptions = approvalLevels.map((value) => ({ value, label: levelWords[value] }));
