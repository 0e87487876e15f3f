import { Problem } from '../../../shared/problem.ts';
import { signInNeeded } from './signing/oauth-client.ts';
import { shownText } from './shown-text.ts';
import { TooLate } from './within-time.ts';

const longest = 1000;

/** What the kit throws, in words for people; what the server itself says is bounded and shown as it is. */
export function kitProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof Error && thrown.name === 'UnauthorizedError') return signInNeeded();
  const { name, message, code } = (thrown instanceof Error ? thrown : new Error(String(thrown))) as Error & {
    code?: unknown;
  };
  const said = shownText(message).slice(0, longest).toWellFormed();
  if (name === 'ProtocolError') return new Problem('unavailable', `The server says: ${said}`);
  if (code === 'REQUEST_TIMEOUT') return new TooLate();
  if (code === 'UNSUPPORTED_RESULT_TYPE') return inputRefused([]);
  const cause = (thrown as { cause?: unknown }).cause;
  if (cause instanceof Problem) return cause;
  return new Problem('unavailable', `The server cannot be spoken with: ${said}`, undefined, {
    cause: thrown,
  });
}

export function inputRefused(methods: readonly string[]): Problem {
  const named = shownText(methods.join(', ')).slice(0, longest).toWellFormed();
  return new Problem(
    'forbidden',
    `The server asks for something before it answers${named === '' ? '' : ` (${named})`}, which Holdfast gives to no server.`,
    'Call it so that it needs nothing more, or use another of its tools.',
  );
}
