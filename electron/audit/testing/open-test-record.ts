import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { Vault } from '../../store/vault.ts';
import type { AuditRecord } from '../record.ts';
import { openHere } from './open-here.ts';

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
  const { record, vault } = await openHere(folder, clock);
  onTestFinished(() => record.close());
  return { record, vault, folder };
}

export const operator = { kind: 'operator' } as const;

export const remark = (text: string) => ({ kind: 'record.noted', actor: operator, data: { text } }) as const;
