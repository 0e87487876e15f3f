import { runInNewContext } from 'node:vm';

const milliseconds = 2000;

/**
 * Does what a schema of somebody else’s makes it do, and no longer than two seconds: a pattern can be made to try
 * for years. Undefined where the time was over.
 */
export function inTime<T>(work: () => T): T | undefined {
  try {
    return runInNewContext('work()', { work }, { timeout: milliseconds }) as T;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw failure;
  }
}
