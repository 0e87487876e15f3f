import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { openFileBox } from './file-box.ts';
import { SealedVault } from './sealed-vault.ts';
import type { SecretBox, Vault } from './vault.ts';

/**
 * Opens the secrets of a data folder. `box` is the desktop's key ring; without it they are kept in
 * the encrypted file. Secrets sealed in the other way are moved where this process can open them.
 */
export async function openVault(options: {
  folder: string;
  clock: Clock;
  box?: SecretBox;
  also?: readonly SecretBox[];
}): Promise<Vault> {
  const file = await openFileBox(join(options.folder, 'secrets.key'));
  const box = options.box ?? file;
  const others = [file, ...(options.also ?? [])].filter((other) => other !== box);
  return SealedVault.open(join(options.folder, 'secrets.json'), box, options.clock, others);
}
