import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'electron-builder';
import { expect, test } from '../launchers/desktop-test.ts';
import { makeEmptyElectron, readFuses } from '../packaging/empty-electron.ts';
import { readArchive, unpack } from '../packaging/archive.ts';

const root = path.resolve(import.meta.dirname, '../..');

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'the empty Electron is one for Linux');

let folder: string;
let packed: string;

/** Packs by electron-builder.yml, which checks it against its own schema first; only Electron is an empty one. */
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-packed-'));
  const electronDist = path.join(folder, 'electron');
  await makeEmptyElectron(electronDist);
  await build({
    projectDir: root,
    linux: ['dir'],
    publish: 'never',
    config: { electronDist, directories: { output: path.join(folder, 'dist') } },
  });
  packed = path.join(
    folder,
    'dist',
    process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`,
  );
});

test.afterAll(async () => rm(folder, { recursive: true, force: true }));

/** What this machine's compiler makes: without one the package does without, and says so where it is needed. */
const compiled = new Set(['out/helper/holdfast-helper', 'node_modules/node-pty/build/Release/pty.node']);
const isMissing = (file: string): boolean => compiled.has(file) && !existsSync(path.join(root, file));

async function wantedFiles(): Promise<string[]> {
  const text = await readFile(path.join(root, 'electron-builder.yml'), 'utf8');
  const [, list = ''] = /^files:\n((?: {2}- .+\n)+)/m.exec(text) ?? [];
  return list
    .split('\n')
    .map((line) => line.replace(/^ {2}- /, ''))
    .filter((line) => line !== '' && !line.startsWith("'!"))
    .map((line) => line.replace('${platform}', process.platform).replace('${arch}', process.arch))
    .filter((file) => !isMissing(file));
}

test('the archive holds every file that is listed, and nothing else', async () => {
  const wanted = await wantedFiles();
  const files = (await readArchive(path.join(packed, 'resources', 'app.asar'))).map((file) => file.path);
  expect(wanted.length).toBeGreaterThan(5);
  for (const pattern of wanted) {
    expect(
      files.some((file) => path.matchesGlob(file, pattern)),
      pattern,
    ).toBe(true);
  }
  expect(files.filter((file) => !wanted.some((pattern) => path.matchesGlob(file, pattern)))).toEqual([]);
});

test('only what is native lies outside the archive; all else is checked at every read', async () => {
  const native = /^(node_modules\/(better-sqlite3|node-pty)\/|out\/helper\/holdfast-helper$)/;
  const files = await readArchive(path.join(packed, 'resources', 'app.asar'));
  expect(files.filter((file) => !native.test(file.path) && file.unpacked)).toEqual([]);
  expect(files.filter((file) => file.path.endsWith('.node') && !file.unpacked)).toEqual([]);
  expect(files.filter((file) => !file.integrity)).toEqual([]);
});

test('the program is no Node for others, takes no debugger, and loads nothing but its archive', async () => {
  expect(readFuses(await readFile(path.join(packed, 'holdfast')))).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});

test('what was packed is enough: the app runs from it, with its threads, pages and native module', async ({
  open,
}) => {
  const app = path.join(folder, 'app');
  await unpack(path.join(packed, 'resources', 'app.asar'), app);
  const { page } = await open({ main: path.join(app, 'out', 'main', 'main.js') });
  await expect(page.getByRole('heading', { name: 'Now', level: 1 })).toBeVisible();
});
