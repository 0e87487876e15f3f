import type { CommandEnd } from '../sandbox/sandbox.ts';

/** How it ended, for the model. */
export function endWords(end: CommandEnd): { exit_code: number | null; ended: string } {
  switch (end.how) {
    case 'exited':
      return { exit_code: end.code, ended: end.reason ?? 'by itself' };
    case 'signalled':
      return { exit_code: null, ended: end.reason ?? `by signal ${end.signal}` };
    case 'timed_out':
      return { exit_code: null, ended: 'its time was over' };
    case 'cancelled':
      return { exit_code: null, ended: 'it was cancelled' };
    case 'not_started':
      return { exit_code: end.code, ended: end.reason };
    case 'lost':
      return { exit_code: null, ended: end.reason };
  }
}
