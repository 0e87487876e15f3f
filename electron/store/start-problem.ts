import { Problem } from '../../shared/problem.ts';

/**
 * Why a start failed, as people meet it. What the system refused (a folder in a file's place, missing rights,
 * a full disk) is no failure of the program, and has a mend.
 */
export function startProblem(failure: unknown, data: string): Problem {
  const problem = Problem.of(failure);
  const { cause } = problem;
  const refused = problem.code === 'internal' && cause instanceof Error && 'syscall' in cause;
  if (problem.code === 'storage_full' || (refused && 'code' in cause && cause.code === 'ENOSPC')) {
    return new Problem(
      'storage_full',
      `There is no room left on the disk that holds ${data}.`,
      'Free some space there, and start Holdfast again.',
      { cause: failure },
    );
  }
  if (!refused) return problem;
  return new Problem(
    'storage_failed',
    `Holdfast cannot start on ${data}: ${cause.message}.`,
    'Look at what lies in that folder, and who may read and write it.',
    { cause: failure },
  );
}
