import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Tool } from '../tools/tool.ts';

export interface ApprovalParts {
  readonly record: Pick<AuditRecord, 'append' | 'appendAll' | 'rows' | 'blob' | 'query'>;
  readonly clock: Clock;
  readonly log: Log;
  /** After how many minutes a question that nobody answered counts as denied; null: never. */
  readonly expireMinutes: () => number | null;
  /** Tools by name, so that rules can be tried on calls that are not made. */
  readonly tool: (
    name: string,
  ) => Promise<Pick<Tool, 'name' | 'title' | 'surface' | 'action' | 'intends' | 'input'> | undefined>;
}
