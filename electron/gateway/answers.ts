import { ORPCError, ValidationError } from '@orpc/server';
import { problemData } from '../../shared/contract/problems.ts';
import { type Issue, plainIssue } from '../../shared/plain-issue.ts';
import { isProblemCode, Problem, problemCodes } from '../../shared/problem.ts';
import type { Log } from '../base/log.ts';

interface PlacedIssue extends Issue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

function invalidInput(issues: readonly PlacedIssue[]): Problem {
  const said = issues.slice(0, 5).map((issue) => {
    const place = (issue.path ?? [])
      .map((part) => String(typeof part === 'object' ? part.key : part))
      .join('.');
    return place ? `${place}: ${plainIssue(issue)}` : plainIssue(issue);
  });
  return new Problem(
    'invalid_input',
    `The request is not right. ${said.join('; ')}.`,
    'Compare it with /openapi.json.',
  );
}

/** Whatever was thrown, as the problem its caller may see. What nobody foresaw is logged and told without its insides. */
function problemToTell(thrown: unknown, log: Log): Problem {
  if (thrown instanceof Problem && thrown.code !== 'internal') return thrown;
  if (isORPCError(thrown)) {
    if (thrown.code === 'BAD_REQUEST') {
      return thrown.cause instanceof ValidationError
        ? invalidInput(thrown.cause.issues)
        : new Problem(
            'invalid_input',
            'The request could not be read.',
            'Send JSON that fits /openapi.json.',
          );
    }
    if (thrown.code === 'NOT_FOUND') return new Problem('not_found', 'There is no such procedure.');
  }
  if (thrown instanceof Error && thrown.name === 'AbortError')
    return new Problem('cancelled', 'It was cancelled.');
  log.error({ err: thrown }, 'an unforeseen failure');
  return new Problem(
    'internal',
    'Something failed inside Holdfast.',
    'The log says more; `holdfast doctor` looks for the usual causes.',
  );
}

export function problemError(problem: Problem): ORPCError<string, { mend?: string }> {
  const { status } = problemCodes[problem.code];
  return new ORPCError(problem.code, {
    status,
    message: problem.message,
    data: problemData(problem),
    cause: problem,
  });
}

const isORPCError = (thrown: unknown): thrown is ORPCError<string, unknown> => thrown instanceof ORPCError;

/** The one place where what was thrown becomes what is answered. */
export function answerTo(thrown: unknown, log: Log): ORPCError<string, unknown> {
  if (isORPCError(thrown) && isProblemCode(thrown.code)) return thrown;
  return problemError(problemToTell(thrown, log));
}
