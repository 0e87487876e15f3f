import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Scaffold } from '../../shared/scaffold.ts';
import { DenyingApprovals } from './agents/testing/denying-approvals.ts';
import { partLife, partPlace, scaffolded, someOrder, someRun, unheard } from './agents/testing/part-life.ts';
import { never, type SomeOptions } from './agents/testing/some-agent-sessions.ts';

async function server(listener: RequestListener): Promise<string> {
  const made = createServer(listener);
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        made.closeAllConnections();
        made.close(() => resolve());
      }),
  );
  return `127.0.0.1:${(made.address() as AddressInfo).port}`;
}

/** A run in which scaffolds work, with hosts that they may reach. */
async function someWork(hosts: readonly string[] = [], options: Pick<SomeOptions, 'approvals'> = {}) {
  const folder = partPlace();
  const { subtasks } = await partLife(folder, options);
  const run = someRun(folder);
  const at = (name: string) => join(run.runFolder, name);
  const carry = (scaffold: Scaffold, granted: readonly string[] = hosts) => {
    const agent = scaffolded(scaffold, run.runFolder, { network: [...granted] });
    return subtasks.carry(someOrder(run, { agent, hosts: [...hosts] }), unheard, never);
  };
  return { folder, at, carry, runFolder: run.runFolder };
}

test('a fetcher writes what was answered as it is, and whatever is no success, empty or elsewhere fails', async () => {
  const bytes = Buffer.concat([Buffer.from('<title>One</title>'), Buffer.from([0, 255, 254])]);
  const other = await server((_, response) => response.end('elsewhere'));
  const host = await server((request, response) => {
    if (request.url === '/empty') return void response.end(' \n');
    if (request.url === '/missing') return void response.writeHead(404).end('a page that says sorry');
    if (request.url === '/away') return void response.writeHead(302, { location: `http://${other}/` }).end();
    response.end(bytes);
  });
  const { at, carry } = await someWork([host]);
  const fetch = (url: string, name: string, granted?: readonly string[]) =>
    carry({ kind: 'fetcher', url, output: at(name) }, granted);
  expect(await fetch(`http://${host}/`, 'page.html')).toMatchObject({
    outcome: { label: 'success' },
    answer: at('page.html'),
    model: 'holdfast/fetcher',
  });
  expect(readFileSync(at('page.html'))).toEqual(bytes);
  const failures = [
    [`http://${host}/missing`, /status 404/],
    [`http://${host}/empty`, /answered with nothing/],
    [`http://${host}/away`, /redirects to/],
    [`http://${other}/`, /network/],
  ] as const;
  for (const [url, reason] of failures) {
    const { outcome } = await fetch(url, 'failed');
    expect(outcome.label, url).toMatch(/work_failed|blocked/);
    expect(outcome.reason, url).toMatch(reason);
  }
  expect(existsSync(at('failed'))).toBe(false);
  // More than the run may reach is refused before anything is begun, whatever a role says.
  await expect(fetch(`http://${other}/`, 'failed', [other])).rejects.toMatchObject({ code: 'forbidden' });
  const outside = await carry({ kind: 'fetcher', url: `http://${host}/`, output: '/tmp/holdfast-outside' });
  expect(outside.outcome.label).toBe('work_failed');
});

test('an assembler joins files to one document in which nothing runs, and fails where one of them cannot be read', async () => {
  const { folder, at, carry } = await someWork();
  writeFileSync(
    at('a.html'),
    '<html><head><title>A &amp; B</title><script>x()</script></head><p>One<p>&lt;b&gt;two',
  );
  writeFileSync(at('b.md'), '*three*');
  writeFileSync(at('c.txt'), 'four ``` <script>five</script>');
  for (const name of ['a.html', 'b.md', 'c.txt']) expect(existsSync(at(name))).toBe(true);
  const inputs = ['a.html', 'b.md', 'c.txt'].map(at);
  const join_ = (output: string, given = inputs) =>
    carry({ kind: 'assembler', inputs: given, output: at(output), title: 'All <of> it' });
  expect(await join_('all.md')).toMatchObject({ outcome: { label: 'success' }, answer: at('all.md') });
  expect(readFileSync(at('all.md'), 'utf8')).toBe(
    '# All <of> it\n\n## A & B\n\nOne\n\n<b>two\n\n## b.md\n\n*three*\n\n## c.txt\n\n````\nfour ``` <script>five</script>\n````\n',
  );
  expect((await join_('all.html')).answer).toBe(at('all.html'));
  const page = readFileSync(at('all.html'), 'utf8');
  expect(page).toMatch(/<h1>All &lt;of&gt; it<\/h1>/);
  expect(page).toMatch(/&lt;script&gt;five&lt;\/script&gt;/);
  expect(page).not.toMatch(/<script/);
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other', 'secret'), 'secret');
  symlinkSync(join(folder, 'other', 'secret'), at('link'));
  for (const [name, reason] of [
    ['missing', /missing/],
    ['link', /file_read|link/],
  ] as const) {
    const { outcome } = await join_('failed.md', [...inputs, at(name)]);
    expect(outcome).toMatchObject({ label: 'work_failed', reason: expect.stringMatching(reason) as string });
  }
  expect(existsSync(at('failed.md'))).toBe(false);
});

test('what a person does not allow is not done, and said to be blocked', async () => {
  const { at, carry } = await someWork([], { approvals: new DenyingApprovals() });
  const { outcome, retry } = await carry({
    kind: 'runner',
    argv: ['touch', at('done')],
    cwd: null,
    report: null,
    seconds: null,
  });
  expect(outcome).toEqual({ label: 'blocked', reason: 'The test does not agree.' });
  expect(retry).toBeNull();
  expect(existsSync(at('done'))).toBe(false);
});
