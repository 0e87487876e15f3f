import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRecord } from '../../audit/open-record.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { openVault } from '../../store/open-vault.ts';
import type { Vault } from '../../store/vault.ts';

const threads = {
  writer: new URL('../../writer.ts', import.meta.url),
  reader: new URL('../../reader.ts', import.meta.url),
};

export const operator = { kind: 'operator' } as const;

export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-tools-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The real record with every projection of the house; closed when the test is over. */
export async function openToolRecord(
  folder = testFolder(),
  clock: Clock = systemClock,
): Promise<{ record: AuditRecord; vault: Vault; folder: string; close: () => Promise<void> }> {
  const vault = await openVault({ folder, clock: systemClock });
  const record = await openRecord({ folder, vault, clock, log: silentLog(), version: 'test', threads });
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= record.close());
  onTestFinished(close);
  return { record, vault, folder, close };
}
