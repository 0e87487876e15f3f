import { Problem } from '../../shared/problem.ts';
import type { SandboxKind } from '../../shared/session.ts';
import type { Executor } from '../sandbox/sandbox.ts';

/** Stands where a way to contain cannot be had: it refuses, and nothing ever runs bare. */
export function missingExecutor(kind: SandboxKind, why: string, mend: string): Executor {
  return {
    kind,
    look: () =>
      Promise.resolve([{ id: kind, name: kind, state: 'missing', detail: why, mend, part: kind } as const]),
    prepare: () => Promise.reject(new Problem('unavailable', why, mend)),
    reconcile: () => Promise.resolve({ removed: [] }),
    close: () => Promise.resolve(),
  };
}
