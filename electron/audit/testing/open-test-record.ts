import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { openVault } from '../../store/open-vault.ts';
import type { Vault } from '../../store/vault.ts';
import { openRecord } from '../open-record.ts';
import type { AuditRecord } from '../record.ts';

export const threads = {
  writer: new URL('../../writer.ts', import.meta.url),
  reader: new URL('../../reader.ts', import.meta.url),
};

/** A folder of its own, gone when the test is over. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The real record in a folder of its own, closed when the test is over. */
export async function openTestRecord(
  folder = testFolder(),
  clock: Clock = systemClock,
): Promise<{ record: AuditRecord; vault: Vault; folder: string }> {
  const vault = await openVault({ folder, clock });
  const record = await openRecord({ folder, vault, clock, log: silentLog(), version: 'test', threads });
  onTestFinished(() => record.close());
  return { record, vault, folder };
}

export const operator = { kind: 'operator' } as const;

export const remark = (text: string) => ({ kind: 'record.noted', actor: operator, data: { text } }) as const;
