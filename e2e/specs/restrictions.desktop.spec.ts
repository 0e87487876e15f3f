import { expect, live, test } from '../launchers/desktop-test.ts';
import * as attempts from '../pages/attempts.ts';

test('the page has our bridge and nothing of Node', async ({ open }) => {
  const { app, page } = await open();
  const window = await app.window();
  expect(window?.preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    spellcheck: false,
  });
  expect(await page.evaluate(attempts.bridgeAndNode)).toEqual({ bridge: ['surface', 'connect'], node: [] });
  expect(await app.call('told')).toMatchObject({
    app: { sandbox: true },
    session: { device: false, spellChecker: false, proxy: { mode: 'direct' } },
  });
});

test('it goes nowhere else, opens nothing and embeds nothing', async ({ open }) => {
  const { app, page } = await open();
  const here = page.url();
  await page.evaluate(attempts.goElsewhere);
  await page.evaluate(attempts.goToOtherHost);
  await page.evaluate(attempts.embed);
  expect(await page.evaluate(`window.open('https://example.org/')`)).toBeNull();
  expect(await app.call('attachWebview')).toBe(false);
  await live(page);
  expect(page.url()).toBe(here);
  expect(page.frames().filter((frame) => frame.url().includes('index.html'))).toEqual([]);
  expect(await app.call('opened')).toEqual([]);
  expect(await app.boxes()).toEqual([]);
});

test('a known site opens in the person’s browser, when they say so', async ({ open }) => {
  const { app, page } = await open();
  const follow = (url: string) => page.evaluate(`void window.open('${url}')`);
  await follow('https://c2sp.org/tlog-checkpoint');
  await expect.poll(() => app.boxes()).toMatchObject([{ detail: 'https://c2sp.org/tlog-checkpoint' }]);
  await app.call('press', 'Cancel');
  await follow('https://c2sp.org/signed-note');
  await expect.poll(() => app.boxes()).toHaveLength(1);
  await app.call('press', 'Open');
  for (const other of [
    'http://c2sp.org/',
    'https://c2sp.org.example.org/',
    'https://c2sp.org@example.org/',
    'file:///etc/passwd',
  ])
    await follow(other);
  await expect.poll(() => app.call('opened')).toEqual(['https://c2sp.org/signed-note']);
  expect(await app.boxes()).toEqual([]);
});

test('nothing is fetched from elsewhere, by any way a page has', async ({ open }) => {
  const { page } = await open();
  expect(await page.evaluate(attempts.fetchElsewhere)).toEqual({
    fetch: 'refused',
    image: 'refused',
    above: 404,
    hidden: 404,
    inline: 'script-src-elem',
    injected: false,
  });
});

test('it gets no permission but to put text on the clipboard', async ({ open }) => {
  const { page } = await open();
  expect(await page.evaluate(attempts.askPermissions)).toEqual({
    read: 'refused',
    camera: 'refused',
    screen: 'refused',
    notifications: 'refused',
    write: 'granted',
  });
});

test('a page that asks for a second port has lost its first', async ({ open }) => {
  const { page } = await open();
  expect(await page.evaluate(attempts.askTwice)).toBe('closed');
  await live(page);
});

test('only the page itself is given a port: no other address, no frame inside it', async ({ open }) => {
  const { app } = await open();
  const ask = (url: string, inner: boolean) => app.call('askFrom', url, inner);
  const refused = { failure: expect.stringContaining('Only Holdfast’s own page') };
  expect(await ask('https://example.org/', false)).toEqual(refused);
  expect(await ask('holdfast-app://pages.example.org/', false)).toEqual(refused);
  expect(await ask('holdfast-app://pages/', true)).toEqual(refused);
  expect(await ask('holdfast-app://pages/', false)).not.toHaveProperty('failure');
});

test('it saves what it made itself and nothing else', async ({ open }) => {
  const { app, page } = await open();
  await page.evaluate(attempts.saveForeign);
  await expect.poll(() => app.call('downloads')).toEqual([{ url: 'data:text/plain,foreign', refused: true }]);
  await page.evaluate(attempts.saveOwn);
  const own = { url: expect.stringMatching(/^blob:holdfast-app:\/\/pages\//), refused: false };
  await expect.poll(() => app.call('downloads')).toEqual([expect.anything(), own]);
});
