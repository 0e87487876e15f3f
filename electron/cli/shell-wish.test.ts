import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sessionWishSchema } from '../../shared/session.ts';
import { type Place, readFolder, type ShellOptions, wishFrom } from './shell-wish.ts';
import { testFolder } from './testing/launch.ts';
import { readBytes, readSeconds } from './values.ts';

const usual: ShellOptions = { sandbox: 'namespace', terminal: true };
const here: Place = {
  folder: '/code',
  environment: { SHELL: '/bin/bash', TERM: 'xterm-256color' },
  size: null,
};

test('a folder is read-only unless its last word after a colon is a mode', () => {
  const read = (text: string) => readFolder(text, '/code');
  expect(read('.')).toEqual({ path: '/code', mode: 'ro' });
  expect(read('../a:rw')).toEqual({ path: '/a', mode: 'rw' });
  expect(read('/a:b:review')).toEqual({ path: '/a:b', mode: 'review' });
  expect(read('/a:b')).toEqual({ path: '/a:b', mode: 'ro' });
  expect(read('/a:ro:ro')).toEqual({ path: '/a:ro', mode: 'ro' });
  expect(() => readFolder('', '/code')).toThrow('--folder');
});

test('the options become a wish that the contract takes', () => {
  const wish = wishFrom(
    ['make', '-j2'],
    {
      ...usual,
      sandbox: 'container',
      image: 'debian:12',
      folder: ['src:rw'],
      allowHost: ['https://Example.org/path', '10.0.0.1:80-90'],
      memory: '512M',
      disk: '1.5g',
      cpus: '0.5',
      processes: '64',
      time: '10m',
      supervised: true,
      loopback: true,
      env: ['A=b=c', 'EMPTY='],
      secret: ['token=npm.token'],
    },
    here,
  );
  expect(sessionWishSchema.parse(wish)).toMatchObject({
    argv: ['make', '-j2'],
    image: 'debian:12',
    folders: [{ path: '/code/src', mode: 'rw' }],
    cwd: null,
    hosts: [{ host: 'example.org' }, { host: '10.0.0.1', ports: { from: 80, to: 90 } }],
    loopback: true,
    attended: true,
    environment: { A: 'b=c', EMPTY: '' },
    secrets: { token: 'npm.token' },
    limits: {
      memoryBytes: 512 * 2 ** 20,
      diskBytes: 1.5 * 2 ** 30,
      cpus: 0.5,
      processes: 64,
      seconds: 600,
      supervised: true,
    },
  });
});

test('without a command it is the person’s shell; on a terminal it learns of what type that is', () => {
  const bare = wishFrom([], { ...usual, detach: true }, here);
  expect(bare).toMatchObject({
    argv: ['bash'],
    terminal: null,
    attended: false,
    environment: {},
    folders: [],
  });
  const size = { columns: 100, rows: 30 };
  const terminal = wishFrom([], usual, { ...here, size });
  expect(terminal).toMatchObject({ terminal: size, environment: { TERM: 'xterm-256color' } });
  expect(wishFrom([], { ...usual, sandbox: 'container' }, here).argv).toEqual(['sh']);
  const odd = { ...here, environment: { SHELL: '/home/me/shell' } };
  expect(wishFrom([], usual, odd).argv).toEqual(['sh']);
});

test('it begins here where here is granted, by whatever name', () => {
  const folder = testFolder();
  mkdirSync(join(folder, 'real/sub'), { recursive: true });
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  const place = { ...here, folder: join(folder, 'real/sub') };
  const granted = { ...usual, folder: [join(folder, 'link')] };
  expect(wishFrom(['x'], granted, place).cwd).toBe(place.folder);
  expect(wishFrom(['x'], { ...usual, folder: [folder, '/etc'] }, here).cwd).toBeNull();
  expect(wishFrom(['x'], { ...granted, cwd: '..' }, place).cwd).toBe(join(folder, 'real'));
});

test('what is written wrongly is refused with what it should be', () => {
  const refused: [Partial<ShellOptions>, string][] = [
    [{ sandbox: 'jail' }, '--sandbox jail'],
    [{ memory: 'lots' }, '--memory lots'],
    [{ cpus: '0' }, '--cpus 0'],
    [{ processes: '1' }, '--processes 1'],
    [{ time: '0s' }, '--time 0s'],
    [{ env: ['=x'] }, '--env =x'],
    [{ secret: ['file'] }, '--secret file'],
    [{ allowHost: ['a b'] }, '--allow-host'],
  ];
  for (const [options, words] of refused) {
    expect(() => wishFrom(['x'], { ...usual, ...options }, here), words).toThrow(words);
  }
});

test('sizes and times are read as people write them', () => {
  expect(['1', '2k', '3MiB', '4GB', '0.5t'].map((text) => readBytes('x', text))).toEqual([
    1,
    2048,
    3 * 2 ** 20,
    4 * 2 ** 30,
    2 ** 39,
  ]);
  expect(['5', '90s', '2m', '1h', '1d'].map((text) => readSeconds('x', text))).toEqual([
    5, 90, 120, 3600, 86_400,
  ]);
});
