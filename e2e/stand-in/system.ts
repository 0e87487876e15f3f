import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { app } from './app.ts';
import { Emitter } from './emitter.ts';

export const opened: string[] = [];
export const shell = {
  openExternal(url: string): Promise<void> {
    opened.push(url);
    return Promise.resolve();
  },
};

export const nativeTheme = { shouldUseDarkColors: false };
export const powerMonitor = new Emitter();

/** `none`: the key ring is there and refuses; `basic_text`: Linux without one. */
const backend = process.env['STAND_IN_KEY_RING'] ?? 'gnome_libsecret';
const key = createHash('sha256').update('the key ring of the stand-in').digest();

function needReady(): void {
  if (!app.isReady()) throw new Error('safeStorage cannot be used before app is ready');
  if (backend === 'none') throw new Error('Encryption is not available.');
}

export const safeStorage = {
  getSelectedStorageBackend(): string {
    if (!app.isReady()) return 'unknown';
    return backend === 'none' ? 'gnome_libsecret' : backend;
  },
  isAsyncEncryptionAvailable: () => Promise.resolve(app.isReady() && backend !== 'none'),
  async encryptStringAsync(plain: string): Promise<Buffer> {
    needReady();
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from('v11'), nonce, cipher.getAuthTag(), body]);
  },
  async decryptStringAsync(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    needReady();
    if (sealed.subarray(0, 3).toString() !== 'v11') throw new Error('Error while decrypting the ciphertext.');
    const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(3, 15));
    cipher.setAuthTag(sealed.subarray(15, 31));
    const plain = Buffer.concat([cipher.update(sealed.subarray(31)), cipher.final()]);
    return { result: plain.toString('utf8'), shouldReEncrypt: false };
  },
};
