import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPage } from './pages.ts';
import { openTestHouse, type TestHouse, testFolder } from './testing/test-house.ts';

function builtPages(): string {
  const folder = testFolder();
  const pages = join(folder, 'pages');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.json'), '"outside"');
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Holdfast</title>');
  writeFileSync(join(pages, 'assets', 'main-1a2b.js'), 'export {};');
  writeFileSync(join(pages, '.hidden.json'), '"hidden"');
  symlinkSync(join(folder, 'secret.json'), join(pages, 'link.json'));
  return pages;
}

/** The path exactly as given, which `fetch` would tidy up first. */
function status(house: TestHouse, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: house.port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).once('error', reject);
  });
}

test('pages come with headers that run our own files only, and let nobody frame or read them', async () => {
  const house = await openTestHouse({ pages: builtPages() });
  for (const path of ['/', '/audit', '/runs/run_1']) {
    const page = await fetch(house.address + path);
    expect([path, page.status, page.headers.get('content-type')]).toEqual([
      path,
      200,
      'text/html; charset=utf-8',
    ]);
    expect(page.headers.get('content-security-policy')).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  }
  const script = await fetch(`${house.address}/assets/main-1a2b.js`);
  expect(script.headers.get('cache-control')).toContain('immutable');
  expect(await script.text()).toBe('export {};');
});

test('nothing outside the pages is served, by whatever path', async () => {
  const house = await openTestHouse({ pages: builtPages() });
  const paths = [
    '/../secret.json',
    '/assets/../../secret.json',
    '/%2e%2e/secret.json',
    '/..%2fsecret.json',
    '/.hidden.json',
    '/link.json',
    '/assets/%00.js',
    '/assets\\..\\..\\secret.json',
    '//secret.json',
    '/index.html/x.js',
    '/nothing.js',
    '/assets/main.exe',
  ];
  for (const path of paths) expect([path, await status(house, path)]).toEqual([path, 404]);
});

test('without built pages it says how to build them', async () => {
  const house = await openTestHouse({ pages: join(testFolder(), 'nowhere') });
  const page = await fetch(house.address);
  expect(await page.json()).toMatchObject({ code: 'unavailable', mend: 'Build them with `npm run build`.' });
});

test('however many ask for a lasting file, it is held once, and what is not there is not remembered', async () => {
  const pages = builtPages();
  const [one, other] = await Promise.all(
    ['/assets/main-1a2b.js', '/assets//main-1a2b.js'].map((path) => readPage(pages, path)),
  );
  expect(one?.content).toBe(other?.content);
  await expect(readPage(pages, '/assets/later.js')).rejects.toMatchObject({ code: 'not_found' });
  writeFileSync(join(pages, 'assets', 'later.js'), 'export {};');
  expect((await readPage(pages, '/assets/later.js')).content.toString()).toBe('export {};');
});
