import { approvalLevels } from '../../shared/approval.ts';
import { levelWords } from '../../shared/level-words.ts';

/** The levels to choose from. */
export const levelOptions = approvalLevels.map((value) => ({ value, label: levelWords[value] }));
