import { expect, test } from 'vitest';
import { unlimited } from '../../shared/capability.ts';
import { readCapability } from '../../shared/capability/text.ts';
import { sentenceOf } from '../../shared/events/catalogue.ts';
import type { Act } from './act.ts';
import { RealPath } from './real-path.ts';
import { somewhere } from './testing/some-capabilities.ts';
import { operator, someTokens } from './testing/some-tokens.ts';

const search: Act = { kind: 'web_search' };
const capability = readCapability('web_search');
const reading = (path: string): Act => ({ kind: 'file_read', path: somewhere(path) });
const reason = (why: string): unknown =>
  expect.objectContaining({ name: 'Problem', code: 'forbidden', reason: why });

test('a token lets its own agent do what it says, and every other way is denied with its reason on the record', async () => {
  const { notebook, tokens } = someTokens();
  const wish = {
    agent: 'reader',
    capability: readCapability('file_read: /data/*'),
    scope: { agent: 'reader' },
  };
  const { token, handle } = await tokens.issue(wish, operator);
  const holder = { agent: 'reader', handle };
  expect(await tokens.authorize(holder, reading('/data/x'))).toEqual({ ...wish, token, limits: unlimited });
  await expect(tokens.authorize(holder, reading('/etc/x'))).rejects.toEqual(reason('outside_grant'));
  await expect(tokens.authorize({ agent: 'other', handle }, reading('/data/x'))).rejects.toEqual(
    reason('another_agents_token'),
  );
  await expect(tokens.authorize({ agent: 'reader', handle: token }, reading('/data/x'))).rejects.toEqual(
    reason('unknown_token'),
  );
  expect(notebook.of('capability.granted')).toEqual([
    { token, agent: 'reader', capability: 'file_read: /data/*', limits: unlimited, parent: null },
  ]);
  const denied = { count: 1, agent: 'reader', token };
  expect(notebook.of('capability.denied')).toEqual([
    { ...denied, capability: 'file_read: /etc/x', reason: 'outside_grant' },
    { ...denied, agent: 'other', capability: 'file_read: /data/x', reason: 'another_agents_token' },
    { ...denied, token: null, capability: 'file_read: /data/x', reason: 'unknown_token' },
  ]);
  expect(notebook.drafts.map((draft) => sentenceOf({ ...draft, payload: 'present' } as never))).toEqual([
    'allowed reader to read /data and everything below',
    'was refused file_read: /etc/x: outside what the token grants',
    'was refused file_read: /data/x: the token belongs to another agent',
    'was refused file_read: /data/x: no such token',
  ]);
});

test('a handle cannot be guessed and stands nowhere on the record', async () => {
  const { notebook, tokens } = someTokens();
  const issued = await Promise.all(
    Array.from({ length: 50 }, () => tokens.issue({ agent: 'a', capability }, operator)),
  );
  expect(new Set(issued.map(({ handle }) => handle)).size).toBe(50);
  for (const { handle } of issued) {
    expect(handle).toMatch(/^right_[\w-]{43}$/);
    expect(JSON.stringify(notebook.drafts)).not.toContain(handle.slice(6));
  }
});

test('the number of uses holds, however many ask at once, and each is durable before it is allowed', async () => {
  const { notebook, tokens } = someTokens();
  const limits = { ...unlimited, uses: 3 };
  const { handle } = await tokens.issue({ agent: 'a', capability, limits }, operator);
  const release = notebook.hold();
  const settled: string[] = [];
  const asking = Array.from({ length: 10 }, () =>
    tokens.authorize({ agent: 'a', handle }, search).then(
      () => settled.push('allowed'),
      () => settled.push('denied'),
    ),
  );
  await Promise.resolve();
  expect([settled, tokens.refusal({ agent: 'a', handle }, search)]).toEqual([[], 'used_up']);
  release();
  await Promise.all(asking);
  expect(settled.filter((one) => one === 'allowed')).toHaveLength(3);
  expect(notebook.of('capability.used').map((data) => 'used' in data && data.used)).toEqual([3]);
});

test('uses that could not be written allow nothing and are given back', async () => {
  const { notebook, tokens } = someTokens();
  const { handle } = await tokens.issue(
    { agent: 'a', capability, limits: { ...unlimited, uses: 2 } },
    operator,
  );
  notebook.full = true;
  await expect(tokens.authorize({ agent: 'a', handle }, search)).rejects.toMatchObject({
    code: 'storage_full',
  });
  notebook.full = false;
  await tokens.authorize({ agent: 'a', handle }, search);
  await tokens.authorize({ agent: 'a', handle }, search);
  await expect(tokens.authorize({ agent: 'a', handle }, search)).rejects.toEqual(reason('used_up'));
});

test('within any 60 seconds there are at most as many uses as the token says', async () => {
  const { clock, tokens } = someTokens();
  const { handle } = await tokens.issue(
    { agent: 'a', capability, limits: { ...unlimited, perMinute: 3 } },
    operator,
  );
  const may = () => tokens.refusal({ agent: 'a', handle }, search);
  const use = () => tokens.authorize({ agent: 'a', handle }, search);
  const uses: number[] = [];
  for (let second = 0; second < 600; second += 7) {
    const now = clock.now().getTime();
    if (may() === null) {
      await use();
      uses.push(now);
    } else expect(uses.filter((time) => now - time < 60_000)).toHaveLength(3);
    clock.advance(7000);
  }
  for (const [i, time] of uses.entries())
    expect((uses[i + 3] ?? Infinity) - time).toBeGreaterThanOrEqual(60_000);
  expect(uses.length).toBeGreaterThan(25);
});

test('a token is over in the moment it says, and its listeners hear of it then', async () => {
  const { clock, tokens } = someTokens();
  const ended: string[] = [];
  tokens.onEnded((list) => ended.push(...list.map((one) => `${one.token} ${one.ended}`)));
  const year = 365 * 24 * 3_600_000;
  const expires = new Date(clock.now().getTime() + year).toISOString();
  const limits = { ...unlimited, expires };
  const { token, handle } = await tokens.issue({ agent: 'a', capability, limits }, operator);
  clock.advance(year - 1);
  expect([tokens.refusal({ agent: 'a', handle }, search), ended]).toEqual([null, []]);
  clock.advance(1);
  expect([tokens.refusal({ agent: 'a', handle }, search), ended]).toEqual(['expired', [`${token} expired`]]);
  await expect(tokens.issue({ agent: 'a', capability, limits }, operator)).rejects.toThrow('over at once');
  expect(clock.waiting).toBe(0);
});

test('a revocation reaches all that was narrowed, and every listener, before anything else happens', async () => {
  const { notebook, tokens } = someTokens();
  const parent = await tokens.issue({ agent: 'a', capability }, operator);
  const child = await tokens.narrow(parent, { agent: 'b' }, operator);
  const grandchild = await tokens.narrow(child, { agent: 'c' }, operator);
  const other = await tokens.issue({ agent: 'c', capability }, operator);
  const heard: string[][] = [];
  tokens.onEnded(() => {
    throw new Error('this worker is stuck');
  });
  const stop = tokens.onEnded((list) => heard.push(list.map(({ agent }) => agent)));
  const release = notebook.hold();
  const revoking = tokens.revoke(parent.token, 'no longer needed', operator);
  expect(heard).toEqual([['a', 'b', 'c']]);
  expect([parent, child, grandchild, other].map((one) => tokens.refusal(one, search))).toEqual([
    'revoked',
    'revoked',
    'revoked',
    null,
  ]);
  release();
  await expect(revoking).rejects.toThrow('not every worker heard');
  expect(notebook.of('capability.revoked')).toHaveLength(3);
  stop();
  await tokens.revoke(child.token, 'again', operator);
  expect([heard.length, notebook.of('capability.revoked').length]).toEqual([1, 3]);
});

test('what is revoked while its use is being written is refused', async () => {
  const { notebook, tokens } = someTokens();
  const held = await tokens.issue({ agent: 'a', capability, limits: { ...unlimited, uses: 5 } }, operator);
  const release = notebook.hold();
  const asking = tokens.authorize(held, search);
  const revoking = tokens.revokeAll('a', 'stopped', operator);
  release();
  await expect(asking).rejects.toEqual(reason('revoked'));
  await revoking;
});

test('a token that is revoked while it is being granted never counts', async () => {
  const { notebook, tokens } = someTokens();
  const release = notebook.hold();
  const granting = tokens.issue({ agent: 'a', capability }, operator);
  expect([tokens.held('a'), tokens.handleFor('a', search)]).toEqual([[], undefined]);
  const revoking = tokens.revokeAll('a', 'stopped', operator);
  release();
  await expect(granting).rejects.toThrow('was revoked before it could be used');
  await revoking;
  expect(notebook.drafts.map(({ kind }) => kind)).toEqual(['capability.granted', 'capability.revoked']);
});

test('a revocation that cannot be written holds all the same, and is written when asked again', async () => {
  const { notebook, tokens } = someTokens();
  const held = await tokens.issue({ agent: 'a', capability }, operator);
  notebook.full = true;
  await expect(tokens.revoke(held.token, 'stop', operator)).rejects.toMatchObject({ code: 'storage_full' });
  expect(tokens.refusal(held, search)).toBe('revoked');
  notebook.full = false;
  await tokens.revoke(held.token, 'stop', operator);
  expect(notebook.of('capability.revoked')).toHaveLength(1);
});

test('narrowing takes no more than there is, and only from a token in force', async () => {
  const { notebook, tokens } = someTokens();
  const wide = readCapability('network: *.x.org:443');
  const parent = await tokens.issue(
    { agent: 'a', capability: wide, limits: { ...unlimited, uses: 2 } },
    operator,
  );
  const wish = { agent: 'b', capability: readCapability('network: *.x.org') };
  await expect(tokens.narrow(parent, wish, operator)).rejects.toEqual(reason('outside_grant'));
  await expect(tokens.narrow({ ...parent, agent: 'b' }, wish, operator)).rejects.toEqual(
    reason('another_agents_token'),
  );
  const inner = { agent: 'b', capability: readCapability('network: a.x.org:443') };
  const child = await tokens.narrow(parent, { ...inner, limits: { ...unlimited, uses: 9 } }, operator);
  expect(child.limits.uses).toBe(2);
  const act: Act = { kind: 'network', host: 'a.x.org', port: 443 };
  await tokens.authorize(child, act);
  await tokens.authorize(parent, act);
  expect([tokens.refusal(child, act), tokens.refusal(parent, act)]).toEqual(['used_up', 'used_up']);
  await expect(tokens.narrow(parent, inner, operator)).rejects.toEqual(reason('used_up'));
  expect(notebook.of('capability.denied')).toHaveLength(3);
});

test('the same denial again is counted, and many different ones fill no record', async () => {
  const { clock, notebook, tokens } = someTokens();
  const held = await tokens.issue({ agent: 'a', capability }, operator);
  for (let i = 0; i < 300; i++) {
    await expect(tokens.authorize(held, reading('/always'))).rejects.toEqual(reason('outside_grant'));
    await expect(tokens.authorize(held, reading(`/other/${i}`))).rejects.toEqual(reason('outside_grant'));
  }
  expect(notebook.of('capability.denied').length).toBeLessThan(60);
  clock.advance(10_000);
  await tokens.close();
  const counts = notebook.of('capability.denied').map((data) => ('count' in data ? data.count : 0));
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(600);
});

test('a denial that could not be written is told later, with those that followed', async () => {
  const { clock, notebook, tokens } = someTokens();
  const held = await tokens.issue({ agent: 'a', capability }, operator);
  notebook.full = true;
  await expect(tokens.authorize(held, reading('/x'))).rejects.toMatchObject({ code: 'storage_full' });
  notebook.full = false;
  await expect(tokens.authorize(held, reading('/x'))).rejects.toEqual(reason('outside_grant'));
  clock.advance(10_000);
  await tokens.close();
  expect(notebook.of('capability.denied')).toMatchObject([{ capability: 'file_read: /x', count: 2 }]);
});

test('a file that has further names elsewhere is read but not written', async () => {
  const { tokens } = someTokens();
  const read = await tokens.issue({ agent: 'a', capability: readCapability('file_read: *') }, operator);
  const write = await tokens.issue({ agent: 'a', capability: readCapability('file_write: *') }, operator);
  const path = new RealPath('/data/x', 2);
  expect(tokens.refusal(read, { kind: 'file_read', path })).toBeNull();
  expect(tokens.refusal(write, { kind: 'file_write', path })).toBe('several_names');
  expect(tokens.refusal(write, { kind: 'file_write', path: new RealPath('/data/x', null) })).toBe(
    'several_names',
  );
});

test('what ended can be taken out of memory', async () => {
  const { tokens } = someTokens();
  const [ended, kept] = [
    await tokens.issue({ agent: 'a', capability }, operator),
    await tokens.issue({ agent: 'a', capability }, operator),
  ];
  await tokens.revoke(ended.token, 'done', operator);
  tokens.forget('a');
  expect([ended, kept].map((one) => tokens.refusal(one, search))).toEqual(['unknown_token', null]);
  expect(tokens.held('a')).toEqual([kept]);
});
