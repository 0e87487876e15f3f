import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newId } from '../base/ids.ts';
import type { EgressGate } from '../sandbox/egress.ts';
import { startGitDaemon, startGitServer } from './testing/git-server.ts';
import { never, operator } from './testing/some-sessions.ts';
import { git, problemOf, repository, someWork } from './testing/some-work.ts';
import { mirrorsOf } from './working/mirrors-of.ts';

const leak = 'the-token-that-nobody-sees';

test('a remote repository is mirrored once and brought up to date, each session on a clone of its own', async () => {
  const { folder, data, declare, run, events } = await someWork();
  const served = join(folder, 'served');
  const project = repository(join(served, 'project.git'), { 'a.txt': 'one\n' });
  const { url } = await startGitServer(served);
  declare('reader', 'cat a.txt; git remote get-url origin; git config --list --local');
  const first = await run({ agent: 'reader', repository: `${url}/project.git/.git` });
  expect(first.outcome?.label, first.outcome?.reason ?? '').toBe('success');
  writeFileSync(join(project, 'a.txt'), 'two\n');
  git(project, 'commit', '-qam', 'second');
  git(project, 'branch', 'topic', 'HEAD~1');
  const second = await run({ agent: 'reader', repository: `${url}/project.git/.git` });
  expect(second.work?.base).toBe(git(project, 'rev-parse', 'HEAD').trim());
  const topic = await run({ agent: 'reader', repository: `${url}/project.git/.git`, branch: 'topic' });
  expect(topic.work?.base).toBe(first.work?.base);
  const states = await Promise.all(
    [first, second, topic].map(async ({ id }) => {
      const all = await events(id);
      expect(all.filter(({ kind }) => kind === 'connection.opened').length).toBeGreaterThan(0);
      return all.flatMap((event) =>
        event.kind === 'repository.cloned' ? [(event.data as { mirror: string }).mirror] : [],
      );
    }),
  );
  expect(states.flat()).toEqual(['made', 'updated', 'updated']);
  // The right to the host is Holdfast's, for as long as it fetches; the session has none.
  expect(second.rights).toEqual([expect.stringMatching(/^exec: /)]);
  expect(readdirSync(join(data, 'mirrors')).length).toBe(2);
  expect(readdirSync(join(data, 'sessions'))).toEqual([]);

  const missing = await run({ agent: 'reader', repository: `${url}/project.git/.git`, branch: 'tpic' });
  expect(missing.outcome).toMatchObject({ label: 'infrastructure_failure', code: 6 });
  expect(missing.outcome?.reason).toContain('has no branch “tpic”');
  const nowhere = await run({ agent: 'reader', repository: `${url}/nothing.git` });
  expect(nowhere.outcome?.reason).toContain('There is no repository at');
});

test('a private repository is fetched with a token that is left nowhere', async () => {
  const { folder, data, parts, declare, run } = await someWork();
  const served = join(folder, 'served');
  repository(join(served, 'project.git'), { 'a.txt': 'one\n' });
  const server = await startGitServer(served);
  const url = `${server.url}/project.git/.git`;
  const basic = `Basic ${Buffer.from(`x-access-token:${leak}`).toString('base64')}`;
  server.ask(basic);
  declare('reader', 'cat a.txt');
  const refused = await run({ agent: 'reader', repository: url });
  expect(refused.outcome?.reason).toContain('asks who is there');

  const mirrors = mirrorsOf(parts);
  const gate = openGate();
  const wish = { url, session: newId('session', new Date()), gate, signal: never };
  const fetched = async (value: string) =>
    mirrors.use({ ...wish, token: { name: 'clone', value } }, (path) =>
      Promise.resolve(execFileSync('grep', ['-rlF', leak, path, data], { encoding: 'utf8', stdio: 'pipe' })),
    );
  await expect(fetched('another')).rejects.toThrow(/is not given for the token “clone”/);
  // Nothing found is what grep ends with 1 for.
  await expect(fetched(leak)).rejects.toMatchObject({ status: 1, stdout: '' });
  expect([...server.shown]).toEqual([
    'Bearer another',
    expect.stringMatching(/^Basic /),
    `Bearer ${leak}`,
    basic,
  ]);
  // Who shows no token gets nothing of what was fetched with one.
  const again = await run({ agent: 'reader', repository: url });
  expect(again.outcome?.reason).toContain('asks who is there');
  declare('teller', 'true', '  clone_token: clone\n');
  const plain = await problemOf(run({ agent: 'teller', repository: url }));
  expect(plain.message).toContain('a token is sent over https alone');
});

test('a host that has what it had is asked one question, and a mirror that was damaged meanwhile is looked at', async () => {
  const { folder, data, parts } = await someWork();
  const project = repository(join(folder, 'served', 'project'), { 'a.txt': 'one\n' });
  const server = await startGitServer(join(folder, 'served'));
  const url = `${server.url}/project/.git`;
  const mirrors = mirrorsOf(parts);
  const use = async (token: string | null) => {
    const before = server.asked.length;
    const wish = { url, session: newId('session', new Date()), gate: openGate(), signal: never };
    const named = token === null ? null : { name: 'clone', value: token };
    const { state, cloned } = await mirrors.use({ ...wish, token: named }, (path) =>
      Promise.resolve([git(path, 'symbolic-ref', 'HEAD').trim(), git(path, 'rev-parse', 'HEAD').trim()]),
    );
    return { state, cloned, asked: server.asked.slice(before).map((line) => line.split(' ')[0]) };
  };
  const [main, other] = ['refs/heads/main', 'refs/heads/other'];
  const head = () => git(project, 'rev-parse', 'HEAD').trim();
  expect(await use(null)).toMatchObject({ state: 'made', cloned: [main, head()] });
  expect((await use(null)).asked).toEqual(['GET', 'POST']);
  expect(await use(null)).toEqual({ state: 'updated', cloned: [main, head()], asked: ['POST'] });
  git(project, 'commit', '-q', '--allow-empty', '-m', 'second');
  git(project, 'tag', '-a', '-m', 'of it', 'tagged');
  git(project, 'branch', 'other');
  expect((await use(null)).cloned).toEqual([main, head()]);
  expect((await use(null)).asked).toEqual(['GET', 'POST']);
  git(project, 'symbolic-ref', 'HEAD', other);
  expect((await use(null)).cloned).toEqual([other, head()]);
  await use(null);
  const mirror = readdirSync(join(data, 'mirrors')).find((name) => /^[0-9a-f]{64}$/.test(name))!;
  rmSync(join(data, 'mirrors', mirror, 'HEAD'));
  const again = await use(null);
  expect([again.cloned, again.asked.slice(0, 2)]).toEqual([
    [other, head()],
    ['POST', 'GET'],
  ]);

  server.ask(`Basic ${Buffer.from(`x-access-token:${leak}`).toString('base64')}`);
  await use(leak);
  await use(leak);
  expect((await use(leak)).asked).toEqual(['POST', 'POST']);
  await expect(use('another')).rejects.toThrow(/is not given for the token “clone”/);
});

const openGate = (): EgressGate => ({
  allow: () => Promise.resolve(),
  allowsAddress: () => true,
  told: () => undefined,
  whenEnded: () => undefined,
});

test('a repository is cloned by git’s own protocol', async () => {
  const { folder, declare, run } = await someWork();
  const served = join(folder, 'served');
  repository(join(served, 'project'), { 'a.txt': 'one\n' });
  const url = await startGitDaemon(served);
  declare('reader', 'cat a.txt');
  const session = await run({ agent: 'reader', repository: `${url}/project/.git` });
  expect(session.outcome?.label, session.outcome?.reason ?? '').toBe('success');
});

test('a fetch is stopped with its session; where the host cannot be reached, the mirror is used as it is', async () => {
  const { folder, data, declare, start, run, sessions, events } = await someWork();
  const sessionsTurn = () => new Promise((resolve) => setTimeout(resolve, 2));
  const served = join(folder, 'served');
  repository(join(served, 'project'), { 'a.txt': 'one\n' });
  const server = await startGitServer(served);
  declare('reader', 'cat a.txt');
  const from = { agent: 'reader', repository: `${server.url}/project/.git` };
  const goOn = server.hold();
  const held = await start(from);
  while (sessions.get(held.id).progress !== 'clones its repository') await sessionsTurn();
  const mirrors = () => readdirSync(data, { recursive: true, encoding: 'utf8' });
  while (!mirrors().some((name) => /^mirrors\/[0-9a-f]+\.part$/.test(name))) await sessionsTurn();
  const stopped = await sessions.stop(held.id, true, operator);
  expect(stopped.outcome).toMatchObject({ label: 'cancelled', code: 130 });
  expect(readdirSync(join(data, 'mirrors'))).toEqual([]);
  goOn();
  const first = await run(from);
  // A link that somebody put into its place is not gone along.
  const mirror = readdirSync(join(data, 'mirrors')).find((name) => /^[0-9a-f]{64}$/.test(name))!;
  renameSync(join(data, 'mirrors', mirror), join(folder, 'away'));
  symlinkSync(join(folder, 'away'), join(data, 'mirrors', mirror));
  expect((await run(from)).outcome?.label).toBe('success');
  expect(lstatSync(join(data, 'mirrors', mirror)).isDirectory()).toBe(true);
  expect(readdirSync(join(folder, 'away'))).toContain('HEAD');
  await server.close();
  const second = await run(from);
  expect(second).toMatchObject({ outcome: { label: 'success' }, work: { base: first.work?.base } });
  const cloned = (await events(second.id)).find(({ kind }) => kind === 'repository.cloned');
  expect(cloned?.data).toMatchObject({
    mirror: 'as_it_was',
    why: expect.stringContaining('cannot be fetched'),
  });
  expect(readFileSync(join(served, 'project', 'a.txt'), 'utf8')).toBe('one\n');
});
