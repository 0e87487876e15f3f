import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { defaultSettings, type Settings, settingsSchema } from '../../shared/settings.ts';
import { bravePage, searchServer, searxngPage } from './testing/search-server.ts';
import { searchHands } from './web/search-hands.ts';

const never = new AbortController().signal;

function hands(settings: Partial<Settings>, secrets: Record<string, string> = {}) {
  const told: unknown[] = [];
  let asked = 0;
  const made = searchHands(
    {
      settings: () => ({ ...defaultSettings, ...settings }),
      vault: { get: (name) => secrets[name] },
    },
    { authorize: () => Promise.resolve(void asked++), told: (happened) => void told.push(happened) },
  );
  return { find: (query: string, count = 10) => made.find(query, count, never), told, asked: () => asked };
}

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => Problem.of(thrown),
  );

const json = (response: ServerResponse, value: unknown) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
};

test('a SearXNG of the person’s own is asked, on this machine too, and its pages come back bounded', async () => {
  const server = await searchServer((_asked, response) =>
    json(response, {
      query: 'x',
      number_of_results: 0,
      results: [
        searxngPage(1),
        { title: null, url: 'https://example.org/bare' },
        { title: 'no address', url: 'javascript:alert(1)', content: '' },
        {
          title: `<b>Long</b>\u0007 ${'t'.repeat(5000)}`,
          url: 'https://example.org/long',
          content: 'c'.repeat(90_000),
        },
        ...Array.from({ length: 30 }, (_, i) => searxngPage(i + 2)),
      ],
      suggestions: [],
    }),
  );
  const { find, told, asked } = hands({ 'search.engine': 'searxng', 'search.url': `${server.base}/searx` });
  const { engine, pages } = await find('größe & co', 4);
  expect(engine).toBe('SearXNG');
  expect(pages.map(({ url }) => url)).toEqual([
    'https://example.org/1',
    'https://example.org/bare',
    'https://example.org/long',
    'https://example.org/2',
  ]);
  expect(pages[0]).toEqual({
    title: 'Page 1',
    url: 'https://example.org/1',
    excerpt: 'What stands on page 1.',
  });
  expect([pages[2]?.title.slice(0, 6), pages[2]?.title.length, pages[2]?.excerpt.length]).toEqual([
    'Long t',
    300,
    1000,
  ]);
  const [{ url, headers } = { url: null, headers: null }] = server.asked;
  expect([url?.pathname, url?.searchParams.get('q'), url?.searchParams.get('format')]).toEqual([
    '/searx/search',
    'größe & co',
    'json',
  ]);
  expect(headers?.authorization).toBeUndefined();
  expect(asked()).toBe(1);
  expect(told[0]).toMatchObject({ what: 'connected', host: '127.0.0.1' });
});

test('Brave Search is asked with its key, which stands in no error', async () => {
  let status = 200;
  const server = await searchServer(({ headers }, response) => {
    if (headers['x-subscription-token'] !== 'the-key') status = 401;
    response.statusCode = status;
    json(response, { type: 'search', web: { type: 'search', results: [bravePage(1), bravePage(2)] } });
  });
  const brave = {
    'search.engine': 'brave',
    'search.url': server.base,
    'search.secret': 'search.key',
  } as const;
  const { pages } = await hands(brave, { 'search.key': 'the-key' }).find('x', 1);
  expect(pages).toEqual([
    { title: 'Page 1', url: 'https://example.org/1', excerpt: 'What stands on page 1.' },
  ]);
  expect(server.asked[0]?.url.href).toContain('/res/v1/web/search?q=x&count=1');
  const wrong = await problemOf(hands(brave, { 'search.key': 'another' }).find('x'));
  expect(wrong).toMatchObject({ code: 'unavailable', mend: expect.stringContaining('search.key') as string });
  expect(`${wrong?.message} ${wrong?.mend}`).not.toContain('another');
  expect(await problemOf(hands(brave).find('x'))).toMatchObject({
    mend: expect.stringContaining('holdfast secrets set search.key') as string,
  });
});

test.each<[string, (response: ServerResponse) => void, string, string]>([
  ['refuses', (response) => response.writeHead(403).end('Forbidden'), 'unavailable', 'settings.yml'],
  [
    'was asked too often',
    (response) => response.writeHead(429, { 'retry-after': '17' }).end(),
    'too_many',
    '17 seconds',
  ],
  [
    'is asked too often without saying how long',
    (response) => response.writeHead(429).end(),
    'too_many',
    'later',
  ],
  ['is broken', (response) => response.writeHead(500).end(), 'unreachable', ''],
  [
    'leads elsewhere',
    (response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    'unreachable',
    '',
  ],
  ['answers a page', (response) => response.end('<html>Hello</html>'), 'unavailable', 'json'],
  ['answers other JSON', (response) => json(response, { results: 'none' }), 'unavailable', 'json'],
  ['answers without end', (response) => endless(response), 'too_large', 'less'],
  ['hangs up', (response) => response.destroy(), 'unreachable', ''],
])('an engine that %s is told in words', async (_what, answer, code, mend) => {
  const server = await searchServer((_asked, response) => answer(response));
  const { find } = hands({ 'search.engine': 'searxng', 'search.url': server.base });
  const problem = await problemOf(find('x'));
  expect(problem?.code).toBe(code);
  expect(problem?.mend ?? '').toContain(mend);
});

function endless(response: ServerResponse): void {
  const write = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
  };
  response.on('drain', write);
  write();
}

test('nobody is asked where nothing is set up, and the address is one', async () => {
  for (const half of [
    {},
    { 'search.engine': 'searxng' },
    { 'search.engine': 'brave' },
  ] as Partial<Settings>[]) {
    const { find, asked } = hands(half);
    expect(await problemOf(find('x'))).toMatchObject({ code: 'unavailable' });
    expect(asked()).toBe(0);
  }
  const url = settingsSchema.shape['search.url'];
  for (const fine of ['http://localhost:8888', 'https://example.org/searx/'])
    expect(url.safeParse(fine).success).toBe(true);
  for (const odd of ['ftp://x', 'file:///etc', 'http://me:pw@x', 'http://x/?a', 'http://x/#a', 'x']) {
    expect(url.safeParse(odd).success, odd).toBe(false);
  }
});
