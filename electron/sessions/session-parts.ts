import type { SandboxKind } from '../../shared/session.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { CapabilityTokens } from '../capabilities/capability-tokens.ts';
import type { PathOpener } from '../capabilities/open-path.ts';
import type { Executor } from '../sandbox/sandbox.ts';
import type { Vault } from '../store/vault.ts';
import type { Reviewer } from './reviewer.ts';

/** What sessions are made of. */
export interface SessionParts {
  readonly record: Pick<AuditRecord, 'append' | 'appendAll' | 'rows'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Pick<Vault, 'get' | 'values'>;
  readonly tokens: CapabilityTokens;
  readonly open: PathOpener;
  /** Made when first needed. */
  readonly executor: (kind: SandboxKind) => Promise<Executor>;
  readonly reviewer: Reviewer;
  /** The data folder. */
  readonly data: string;
  /** Holdfast’s own places, as real paths: hidden in every sandbox and never granted. */
  readonly ownPlaces: () => Promise<readonly string[]>;
}
