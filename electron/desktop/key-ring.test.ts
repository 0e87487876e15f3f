import { expect, test } from 'vitest';
import { type KeyRing, keepSecrets } from './key-ring.ts';

const ring = (backend: ReturnType<KeyRing['getSelectedStorageBackend']>, available = true): KeyRing => ({
  getSelectedStorageBackend: () => backend,
  isAsyncEncryptionAvailable: () => Promise.resolve(available),
  encryptStringAsync: (plain) => Promise.resolve(Buffer.from(`sealed ${plain}`)),
  decryptStringAsync: (sealed) =>
    Promise.resolve({ result: sealed.toString().replace('sealed ', ''), shouldReEncrypt: false }),
});

test('the system’s key ring seals, and opens what it sealed', async () => {
  const { box } = await keepSecrets('system', ring('gnome_libsecret'), 'linux');
  expect(box).toMatchObject({ id: 'system', warning: null });
  const sealed = (await box?.seal('héron')) ?? '';
  expect(sealed).toMatch(/^[A-Za-z0-9+/]+=*$/);
  expect(await box?.open(sealed)).toBe('héron');
});

test('a key ring whose key everybody knows is not used, and never said to be one', async () => {
  for (const backend of ['basic_text', 'unknown'] as const) {
    const keeping = await keepSecrets('system', ring(backend), 'linux');
    expect(keeping).toEqual({ warning: expect.stringContaining('a file is used instead') });
  }
});

test('one that refuses is not used either', async () => {
  expect(await keepSecrets('system', ring('kwallet6', false), 'linux')).toHaveProperty('warning');
  expect(await keepSecrets('system', ring('unknown', false), 'win32')).toHaveProperty('warning');
});

test('who wants the file gets it without a warning, and what the key ring holds can be fetched', async () => {
  const keeping = await keepSecrets('file', ring('kwallet6'), 'linux');
  expect(keeping).toEqual({ also: [expect.objectContaining({ id: 'system' })] });
  expect(await keepSecrets('file', ring('basic_text'), 'linux')).toEqual({});
});

test('only Linux has such a stand-in: elsewhere the name of the backend says nothing', async () => {
  expect(await keepSecrets('system', ring('unknown'), 'darwin')).toMatchObject({ box: { id: 'system' } });
});
