import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Problem } from '../../shared/problem.ts';
import { writePrivateFile } from '../base/private-files.ts';
import type { SecretBox } from './vault.ts';

/**
 * Seals with AES-256-GCM and a key in a 0600 file. Without a key ring that key is as safe as the
 * account: it keeps secrets out of backups and of other accounts, not from the account itself.
 */
export async function openFileBox(keyPath: string): Promise<SecretBox> {
  const key = await readOrMakeKey(keyPath);
  return {
    id: 'file',
    kept: 'in an encrypted file that only this account may read',
    warning: null,
    seal: async (plain) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    open: async (sealed) => {
      const bytes = Buffer.from(sealed, 'base64');
      const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      cipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]).toString('utf8');
    },
  };
}

async function readOrMakeKey(path: string): Promise<Buffer> {
  try {
    const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
    if (key.length === 32) return key;
    throw new Problem(
      'unavailable',
      `${path} does not hold a key, so the secrets it sealed cannot be opened.`,
      'Put the right file back, or move it and secrets.json away to begin without secrets; a new signing key is then made.',
    );
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    const key = randomBytes(32);
    await writePrivateFile(path, `${key.toString('base64')}\n`);
    return key;
  }
}
