import type { EventData } from '../../shared/events/catalogue.ts';
import type { Actor } from '../../shared/events/event.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';

/** What a person tries leaves this machine like any effect: said before on the record, and how it ended after. */
export async function tried<Result>(
  record: Pick<AuditRecord, 'append'>,
  trial: EventData<'trial.begun'>,
  actor: Actor,
  run: () => Promise<{ result: Result; problem: string | null }>,
): Promise<Result> {
  const { id: parent } = await record.append({ kind: 'trial.begun', actor, data: trial });
  const end = (problem: string | null) =>
    record.append({ kind: 'trial.ended', actor, parent, data: { what: trial.what, problem } });
  try {
    const { result, problem } = await run();
    await end(problem?.slice(0, 2000) ?? null);
    return result;
  } catch (thrown) {
    await end(Problem.of(thrown).message.slice(0, 2000).toWellFormed());
    throw thrown;
  }
}
