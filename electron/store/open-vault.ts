import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { openFileBox } from './file-box.ts';
import { SealedVault } from './sealed-vault.ts';
import type { SecretBox, Vault } from './vault.ts';

/** How the desktop wants secrets to be kept; nothing of it set is the encrypted file. */
export interface SecretKeeping {
  /** The desktop's key ring. */
  readonly box?: SecretBox;
  /** Boxes that open what was sealed before, so that it can be moved. */
  readonly also?: readonly SecretBox[];
  /** Why the file is used although something better was wished for. */
  readonly warning?: string;
}

/**
 * Opens the secrets of a data folder. Those sealed in another way are moved to where this process keeps them.
 */
export async function openVault(
  options: SecretKeeping & { readonly folder: string; readonly clock: Clock },
): Promise<Vault> {
  const { folder, clock, warning = null, also = [] } = options;
  const file = { ...(await openFileBox(join(folder, 'secrets.key'))), warning };
  const box = options.box ?? file;
  const others = [file, ...also].filter((other) => other !== box);
  return SealedVault.open(join(folder, 'secrets.json'), box, clock, others);
}
