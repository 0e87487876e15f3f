import type { SafeStorage } from 'electron';
import type { SecretBox } from '../store/vault.ts';
import type { SecretKeeping } from '../store/open-vault.ts';

/** What this needs of Electron's safeStorage: its asynchronous calls only. */
export type KeyRing = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>;

const names: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'by the macOS keychain',
  win32: 'by Windows for this account',
};

/**
 * Seals with the system's key ring, where there is one that protects anything. Linux may offer a stand-in
 * (`basic_text`) whose key everybody knows: that is refused and said, never passed off as safe.
 */
export async function openKeyRing(ring: KeyRing, platform: NodeJS.Platform): Promise<SecretBox | string> {
  if (platform === 'linux') {
    const backend = ring.getSelectedStorageBackend();
    if (backend === 'basic_text' || backend === 'unknown')
      return 'this desktop offers no key ring that protects them';
  }
  if (!(await ring.isAsyncEncryptionAvailable())) return 'the system’s key ring cannot be used';
  return {
    id: 'system',
    kept: names[platform] ?? 'by this desktop’s key ring',
    warning: null,
    seal: async (plain) => (await ring.encryptStringAsync(plain)).toString('base64'),
    open: async (sealed) => (await ring.decryptStringAsync(Buffer.from(sealed, 'base64'))).result,
  };
}

/** Where secrets go: as the person chose, with what is needed to fetch those that are kept in the other place. */
export async function keepSecrets(
  choice: 'file' | 'system',
  ring: KeyRing,
  platform: NodeJS.Platform,
): Promise<SecretKeeping> {
  const box = await openKeyRing(ring, platform);
  if (typeof box === 'string')
    return choice === 'file' ? {} : { warning: `${box}, so a file is used instead` };
  return choice === 'file' ? { also: [box] } : { box };
}
