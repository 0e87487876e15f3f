import type { WorkForm } from './work-form.ts';

const most = 5;
const started = new Map<string, WorkForm>();

/** What this window started lately, whole: the record keeps no bytes of files, and of words only the first. */
export function rememberWork(session: string, form: WorkForm): void {
  started.set(session, form);
  const [oldest] = started.keys();
  if (started.size > most && oldest !== undefined) started.delete(oldest);
}

export const startedWork = (session: string): WorkForm | null => started.get(session) ?? null;
