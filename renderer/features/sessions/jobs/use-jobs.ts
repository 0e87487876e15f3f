import { useCallback } from 'react';
import type { Id } from '../../../../shared/ids.ts';
import type { Job } from '../../../../shared/job.ts';
import type { Client } from '../../../bridge/client.ts';
import { type Answer, useAnswer } from '../../../bridge/use-answer.ts';

/** The jobs of one session, or of all; the newest first. */
export function useJobs(session: string | null): Answer<Job[]> {
  const list = useCallback(
    (client: Client, signal: AbortSignal) =>
      client.jobs.list(session === null ? {} : { session: session as Id<'session'> }, { signal }),
    [session],
  );
  return useAnswer(list, ['job.*']);
}
