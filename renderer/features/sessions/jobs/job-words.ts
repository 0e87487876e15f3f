import type { JobState } from '../../../../shared/job.ts';
import type { DotTone } from '../../../ui/Dot.tsx';

export const jobTones: Readonly<Record<JobState, DotTone>> = {
  pending: 'quiet',
  running: 'running',
  done: 'good',
  failed: 'refused',
  cancelled: 'quiet',
  lost: 'refused',
};

export const jobWords: Readonly<Record<JobState, string>> = {
  pending: 'waits in line',
  running: 'runs',
  done: 'is done',
  failed: 'failed',
  cancelled: 'was cancelled',
  lost: 'was lost',
};
