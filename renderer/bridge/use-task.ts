import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../shared/problem.ts';
import { problemOf } from '../../shared/contract/problems.ts';

export interface Task<Input extends readonly unknown[], Result> {
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly result: Result | null;
  /** Resolves with the result, or with null where it failed; the problem is then shown by whoever holds the task. */
  readonly run: (...input: Input) => Promise<Result | null>;
  readonly reset: () => void;
}

/** One thing a person asked for: whether it runs, what came of it, what went wrong. It ends with its component. */
export function useTask<Input extends readonly unknown[], Result>(
  work: (signal: AbortSignal, ...input: Input) => Promise<Result>,
): Task<Input, Result> {
  const [state, setState] = useState<{ busy: boolean; problem: Problem | null; result: Result | null }>({
    busy: false,
    problem: null,
    result: null,
  });
  const latest = useRef(work);
  latest.current = work;
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = useCallback(async (...input: Input) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setState({ busy: true, problem: null, result: null });
    try {
      const result = await latest.current(controller.signal, ...input);
      if (!controller.signal.aborted) setState({ busy: false, problem: null, result });
      return result;
    } catch (thrown) {
      if (!controller.signal.aborted) setState({ busy: false, problem: problemOf(thrown), result: null });
      return null;
    }
  }, []);

  const reset = useCallback(() => {
    running.current?.abort();
    running.current = null;
    setState({ busy: false, problem: null, result: null });
  }, []);

  return { ...state, run, reset };
}
