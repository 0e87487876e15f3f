import { expect, test } from 'vitest';
import { lockIsMet } from './lock.mjs';

const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };
const a = { version: '1.0.0', integrity: 'x' };
const native = { version: '1.0.0', integrity: 'y', optional: true };

const met = (wanted: Record<string, object>, present: Record<string, object>) =>
  lockIsMet({ packages: { '': {}, ...wanted } }, { packages: present }, linux);

test('every package must be there in its version and with its hash', () => {
  expect(met({ a }, { a })).toBe(true);
  expect(met({ a }, {})).toBe(false);
  expect(met({ a }, { a: { ...a, version: '1.0.1' } })).toBe(false);
  expect(met({ a }, { a: { ...a, integrity: 'z' } })).toBe(false);
});

test('what is optional and made for other machines may be missing', () => {
  expect(met({ mac: { ...native, os: 'darwin' } }, {})).toBe(true);
  expect(met({ arm: { ...native, os: ['linux'], cpu: ['arm64'] } }, {})).toBe(true);
  expect(met({ musl: { ...native, os: ['linux'], cpu: ['x64'], libc: ['musl'] } }, {})).toBe(true);
  expect(met({ notHere: { ...native, os: ['!linux'] } }, {})).toBe(true);
  expect(met({ anywhere: native }, {})).toBe(true);
});

test('what is optional but made for this machine was left out by an old npm run and must be installed', () => {
  expect(met({ here: { ...native, os: ['linux'], cpu: ['x64'], libc: ['glibc'] } }, {})).toBe(false);
  expect(met({ node: { ...native, os: 'linux', cpu: 'x64' } }, {})).toBe(false);
  expect(met({ notWindows: { ...native, os: ['!win32'] } }, {})).toBe(false);
});
