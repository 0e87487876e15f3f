import { Problem } from '../../../shared/problem.ts';

export function cancelled(cause: unknown): Problem {
  if (cause instanceof Problem) return cause;
  return new Problem('cancelled', 'The model was not waited for any longer.', undefined, { cause });
}
