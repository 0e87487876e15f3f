import type { WorkForm } from './work-form.ts';

const most = 5;
const mostBytes = 32 << 20;
const started = new Map<string, WorkForm>();

/** What this window started lately, whole: the record keeps no bytes of files, and of words only the first. */
export function rememberWork(session: string, form: WorkForm): void {
  started.set(session, form);
  for (const [oldest] of started) {
    if (started.size <= most && bytesKept() <= mostBytes) return;
    started.delete(oldest);
  }
}

const bytesKept = () =>
  [...started.values()].flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes.length, 0);

export const startedWork = (session: string): WorkForm | null => started.get(session) ?? null;
