import { Problem } from '../../../shared/problem.ts';
import type { SandboxKind } from '../../../shared/session.ts';
import type { Executor } from '../../sandbox/sandbox.ts';
import type { Reviewer } from '../../sessions/reviewer.ts';

const refuse = () => Promise.reject(new Problem('unavailable', 'There is none here.', 'Look elsewhere.'));

/** Stands for a machine on which nothing can be contained: nothing runs. */
export function noSandbox(kind: SandboxKind): Promise<Executor> {
  return Promise.resolve({
    kind,
    look: () => Promise.resolve([]),
    prepare: refuse,
    reconcile: () => Promise.resolve({ removed: [] }),
    close: () => Promise.resolve(),
  });
}

export const noReviewer: Reviewer = {
  changes: refuse,
  text: refuse,
  apply: refuse,
  copy: refuse,
  discard: refuse,
};
