import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { onePerMoment } from './child.mjs';
import { findElectron, hasDisplay } from './electron-binary.mjs';
import { findNode, isNewEnough } from './node24.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');

test('Node from 22.18 on is new enough', () => {
  expect(['v18.20.0', 'v20.20.2', 'v22.17.9', 'v22.18.0', 'v24.0.0'].map(isNewEnough)).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});

test('the packaged Node is taken before the running one; an old one without a packaged one is refused', () => {
  const empty = { platform: 'plan9', arch: 'x64', execPath: '/usr/bin/node' };
  expect(findNode(root, { ...empty, version: 'v24.1.0' })).toBe('/usr/bin/node');
  expect(findNode(root, { ...empty, version: 'v20.0.0' })).toBeUndefined();
});

const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>;
};

test('package-lock.json names no host that packages were fetched from', () => {
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});

test('package-lock.json knows the packages of every platform, or npm ci would refuse it', () => {
  const known = new Set(Object.keys(lock.packages).map((name) => name.split('node_modules/').at(-1)));
  const wanted = Object.values(lock.packages).flatMap((entry) =>
    Object.keys(entry.optionalDependencies ?? {}),
  );
  expect(wanted.filter((name) => !known.has(name))).toEqual([]);
});

test('repetitions within a moment are one press of Ctrl-C, a later one is a second', () => {
  let now = 0;
  const isNew = onePerMoment(() => now);
  const heard = [0, 5, 40, 2000, 2010].map((at) => {
    now = at;
    return isNew();
  });
  expect(heard).toEqual([true, false, false, true, false]);
});

test.skipIf(process.platform === 'win32')(
  'a program hears one signal for Ctrl-C and npm together, and its code is passed on',
  async () => {
    const counts = `let n = 0; setInterval(() => {}, 1000);
    process.on('SIGINT', () => { n += 1; if (n === 1) setTimeout(() => { console.log(n); process.exit(7); }, 300); });
    console.log('up');`;
    const launcher = `import { runToEnd } from ${JSON.stringify(path.join(import.meta.dirname, 'child.mjs'))};
    process.exitCode = await runToEnd(process.execPath, ['-e', ${JSON.stringify(counts)}], { signals: 'once' });`;
    const started = spawn(process.execPath, ['--input-type=module', '-e', launcher], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    started.stdout.on('data', (chunk: Buffer) => {
      if (output === '') {
        started.kill('SIGINT');
        started.kill('SIGINT');
      }
      output += chunk.toString();
    });
    const [code] = (await once(started, 'close')) as [number];
    expect([output, code]).toEqual(['up\n1\n', 7]);
  },
);

test('a display is a screen of X or Wayland; macOS and Windows always have one', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
});

test('Electron is found where ELECTRON_OVERRIDE_DIST_PATH points, and not where nothing is', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-electron-'));
  expect(findElectron(folder, {})).toBeUndefined();
  expect(findElectron(folder, { ELECTRON_OVERRIDE_DIST_PATH: folder })).toBeUndefined();
  fs.writeFileSync(path.join(folder, 'electron'), '');
  expect(findElectron(folder, { ELECTRON_OVERRIDE_DIST_PATH: folder })).toBe(path.join(folder, 'electron'));
  fs.rmSync(folder, { recursive: true });
});

test('the bench command lists its measurements and refuses a name it does not know', () => {
  const bench = path.join(root, 'scripts', 'bench.mjs');
  const folder = path.join(root, 'bench');
  const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const known = files.filter((name) => /(?<!\.test)\.ts$/.test(name));
  const listed = execFileSync(process.execPath, [bench, '--list'], { encoding: 'utf8' });
  expect(listed.trim().split('\n').filter(Boolean)).toEqual(
    known.map((name) => name.slice(0, -3)).toSorted(),
  );
  expect(() => execFileSync(process.execPath, [bench, 'no-such'], { stdio: 'pipe' })).toThrow(
    'No bench is called',
  );
});
