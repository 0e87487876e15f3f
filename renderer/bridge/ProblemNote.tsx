import type { ReactNode } from 'react';
import type { Problem } from '../../shared/problem.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';

/** A Problem on a page. */
export function ProblemNote({ problem, action }: { problem: Problem | null; action?: ReactNode }) {
  return problem && <ErrorNote message={problem.message} mend={problem.mend} action={action} />;
}
