import { isProblemCode, Problem, type ProblemDetails } from '../problem.ts';

/** A problem as it stands in an error of the wire: its code is the error's code, its mend the error's data. */
export function problemData(problem: ProblemDetails): { mend?: string } {
  return problem.mend ? { mend: problem.mend } : {};
}

interface WireError {
  code: string;
  message: string;
  data?: unknown;
}

function isWireError(thrown: unknown): thrown is WireError {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    typeof thrown.code === 'string' &&
    'message' in thrown &&
    typeof thrown.message === 'string'
  );
}

/** What a client's call threw, as a problem: the gateway's own, or that it could not be reached. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return new Problem('cancelled', 'It was cancelled.', undefined, { cause: thrown });
  }
  if (isWireError(thrown) && isProblemCode(thrown.code)) {
    const data = thrown.data as { mend?: unknown } | undefined;
    const mend = typeof data?.mend === 'string' ? data.mend : undefined;
    return new Problem(thrown.code, thrown.message, mend, { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem(
    'unreachable',
    `Holdfast cannot be reached: ${message}`,
    'Start it with `holdfast serve`.',
    { cause: thrown },
  );
}
