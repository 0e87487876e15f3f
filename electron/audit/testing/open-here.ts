import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { openVault } from '../../store/open-vault.ts';
import { openRecord } from '../open-record.ts';

/** Entry files of the threads, as they lie in the source. */
export const threads = {
  writer: new URL('../../writer.ts', import.meta.url),
  reader: new URL('../../reader.ts', import.meta.url),
};

/** The real record of a folder, with its vault. */
export async function openHere(folder: string, clock = systemClock) {
  const vault = await openVault({ folder, clock });
  const record = await openRecord({ folder, vault, clock, log: silentLog(), version: 'test', threads });
  return { vault, record };
}
