import { mkdirSync, mkdtempSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock as clock } from '../base/clock.ts';
import { openVault } from './open-vault.ts';
import type { SecretBox } from './vault.ts';

function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-vault-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Stands where the system's key ring does: another box, with another id. */
const keyRing: SecretBox = {
  id: 'system',
  kept: 'by the key ring',
  warning: null,
  seal: (plain) => Promise.resolve(Buffer.from(plain).toString('hex')),
  open: (sealed) => Promise.resolve(Buffer.from(sealed, 'hex').toString()),
};

test('a secret is there after a restart, and in no file as it is', async () => {
  const folder = testFolder();
  const vault = await openVault({ folder, clock });
  await vault.set('github', 'ghp_correct-horse');
  expect((await openVault({ folder, clock })).get('github')).toBe('ghp_correct-horse');
  for (const name of ['secrets.json', 'secrets.key']) {
    const path = join(folder, name);
    expect(readFileSync(path, 'utf8')).not.toContain('correct-horse');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
});

test('people see names, never values nor what Holdfast keeps for itself', async () => {
  const vault = await openVault({ folder: testFolder(), clock });
  await vault.set('zeta', 'secret-z');
  await vault.set('alpha', 'secret-a');
  await vault.set('.own', 'secret-own');
  expect(vault.list().map(({ name }) => name)).toEqual(['alpha', 'zeta']);
  expect(vault.values()).toEqual(expect.arrayContaining(['secret-z', 'secret-a', 'secret-own']));
  expect(await vault.remove('zeta')).toBe(true);
  expect(await vault.remove('zeta')).toBe(false);
  expect(vault.values()).not.toContain('secret-z');
});

test('a value too short to keep off the record is refused', async () => {
  const vault = await openVault({ folder: testFolder(), clock });
  await expect(vault.set('pin', '1234')).rejects.toMatchObject({ code: 'invalid_input' });
  expect(vault.list()).toEqual([]);
});

test('secrets move between the file and the key ring, and a process that cannot open them says so', async () => {
  const folder = testFolder();
  await (await openVault({ folder, clock })).set('moved', 'value-one');
  const desktop = await openVault({ folder, clock, box: keyRing });
  expect(desktop.get('moved')).toBe('value-one');
  await expect(openVault({ folder, clock })).rejects.toMatchObject({ code: 'unavailable' });
  const back = await openVault({ folder, clock, also: [keyRing] });
  expect(back.get('moved')).toBe('value-one');
  expect((await openVault({ folder, clock })).get('moved')).toBe('value-one');
});

test('a changed file is noticed, not believed', async () => {
  const folder = testFolder();
  await (await openVault({ folder, clock })).set('name', 'value-one');
  const path = join(folder, 'secrets.json');
  const content = JSON.parse(readFileSync(path, 'utf8')) as { secrets: { name: { sealed: string } } };
  const bytes = Buffer.from(content.secrets.name.sealed, 'base64');
  bytes[30]! ^= 1;
  content.secrets.name.sealed = bytes.toString('base64');
  writeFileSync(path, JSON.stringify(content));
  await expect(openVault({ folder, clock })).rejects.toMatchObject({ code: 'unavailable' });
  writeFileSync(path, '{"version": 1');
  await expect(openVault({ folder, clock })).rejects.toMatchObject({ code: 'storage_failed' });
});

test('a change that fails takes back itself and not the one that came meanwhile', async () => {
  const folder = testFolder();
  const path = join(folder, 'secrets.json');
  const vault = await openVault({ folder, clock });
  mkdirSync(path);
  const first = vault.set('first', 'value-one').catch((problem: unknown) => {
    rmdirSync(path);
    return problem;
  });
  const second = vault.set('second', 'value-two');
  expect(await first).toMatchObject({ code: 'storage_failed' });
  await second;
  expect(vault.values()).toEqual(['value-two']);
  expect((await openVault({ folder, clock })).list().map(({ name }) => name)).toEqual(['second']);
});

test('a key file that holds no key is named, with the mend', async () => {
  const folder = testFolder();
  writeFileSync(join(folder, 'secrets.key'), 'garbage');
  await expect(openVault({ folder, clock })).rejects.toMatchObject({
    code: 'unavailable',
    mend: expect.stringContaining('Put the right file back') as string,
  });
});
