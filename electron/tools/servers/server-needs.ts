import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import type { Later } from '../../base/later.ts';
import type { Log } from '../../base/log.ts';
import type { Vault } from '../../store/vault.ts';
import type { Containing } from '../contained-program.ts';

/** What servers of tools are started and spoken with by. */
export interface ServerNeeds {
  readonly record: Pick<AuditRecord, 'append' | 'appendAll' | 'rows'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Pick<Vault, 'get' | 'set' | 'remove'>;
  readonly containing: Later<Containing>;
  /** Where the person’s own programs lie. */
  readonly searchPath: string | undefined;
}
