import type { Clock } from '../../base/clock.ts';
import { Problem } from '../../../shared/problem.ts';

/** The kit has a clock of its own; what takes too long is ended by ours, and its own comes never. */
export const kitsOwnTimeout = 2 ** 31 - 1;

export class TooLate extends Problem {
  constructor() {
    super(
      'unavailable',
      'The server did not answer in time.',
      'Try again, or raise timeoutSeconds of this server.',
    );
  }
}

/** Has the work ended where it takes longer than so long, or where whoever asked for it has left. */
export async function withinTime<T>(
  { clock, milliseconds, signal }: { clock: Clock; milliseconds: number; signal?: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const forget = clock.after(milliseconds, () => late.abort(new TooLate()));
  try {
    return await work(signal ? AbortSignal.any([signal, late.signal]) : late.signal);
  } catch (thrown) {
    if (late.signal.aborted && signal?.aborted !== true) throw late.signal.reason;
    throw thrown;
  } finally {
    forget();
  }
}
