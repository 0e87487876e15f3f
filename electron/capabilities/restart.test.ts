import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unlimited } from '../../shared/capability.ts';
import { readCapability } from '../../shared/capability/text.ts';
import { openRecord } from '../audit/open-record.ts';
import { silentLog } from '../base/log.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { openVault } from '../store/open-vault.ts';
import type { Act } from './act.ts';
import { CapabilityTokens } from './capability-tokens.ts';
import { operator } from './testing/some-tokens.ts';

const search: Act = { kind: 'web_search' };
const capability = readCapability('web_search');

/** The real record of a folder, and the tokens over it; `end` is a restart’s first half. */
async function life(folder: string, clock: ManualClock) {
  const log = silentLog();
  const threads = {
    writer: new URL('../writer.ts', import.meta.url),
    reader: new URL('../reader.ts', import.meta.url),
  };
  const vault = await openVault({ folder, clock });
  const record = await openRecord({ folder, vault, clock, log, version: 'test', threads });
  const tokens = await CapabilityTokens.open({ record, clock, random: randomBytes, log });
  const end = async () => {
    await tokens.close();
    await record.close();
  };
  return { record, tokens, end };
}

test('tokens survive a restart with their counts, their parents and their limits, but not their handles', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-capabilities-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const clock = new ManualClock(new Date());
  const first = await life(folder, clock);
  const inAnHour = new Date(clock.now().getTime() + 3_600_000).toISOString();
  const scope = { agent: 'a' };
  const counted = await first.tokens.issue(
    { agent: 'a', capability, scope, limits: { ...unlimited, uses: 3 } },
    operator,
  );
  const child = await first.tokens.narrow(counted, { agent: 'b' }, operator);
  const brief = await first.tokens.issue(
    { agent: 'brief', capability, limits: { ...unlimited, expires: inAnHour } },
    operator,
  );
  const gone = await first.tokens.issue({ agent: 'gone', capability }, operator);
  const quick = await first.tokens.issue(
    { agent: 'quick', capability, limits: { ...unlimited, perMinute: 2 } },
    operator,
  );
  await first.tokens.authorize(child, search);
  await first.tokens.authorize(counted, search);
  await Promise.all([1, 2].map(() => first.tokens.authorize(quick, search)));
  await first.tokens.revokeAll('gone', 'stopped', operator);
  await first.end();

  const second = await life(folder, clock);
  expect(second.tokens.refusal(counted, search)).toBe('unknown_token');
  expect([...second.tokens.held('gone'), ...second.tokens.held('nobody')]).toEqual([]);
  const [again, below] = [second.tokens.held('a')[0]!, second.tokens.held('b')[0]!];
  expect(again).toEqual({ ...counted, handle: again.handle });
  expect(second.tokens.refusal(second.tokens.held('quick')[0]!, search)).toBe('too_often');
  await second.tokens.authorize(below, search);
  expect([again, below].map((one) => second.tokens.refusal(one, search))).toEqual(['used_up', 'used_up']);
  expect(second.tokens.held('brief').map(({ token }) => token)).toEqual([brief.token]);
  expect((await second.record.rebuild(operator)).differences).toBe(0);
  await second.end();

  clock.advance(3_600_000);
  const third = await life(folder, clock);
  onTestFinished(third.end);
  expect(third.tokens.held('brief')).toEqual([]);
  expect(third.tokens.refusal(third.tokens.held('quick')[0]!, search)).toBeNull();
  await third.tokens.revoke(again.token, 'enough', operator);
  expect([...third.tokens.held('a'), ...third.tokens.held('b')]).toEqual([]);
  const { events } = await third.record.query({ filter: { kinds: ['capability.revoked'] }, limit: 10 });
  const ended = events.map(({ data }) => data as { token: string; reason: string });
  expect(Object.fromEntries(ended.map(({ token, reason }) => [token, reason]))).toEqual({
    [gone.token]: 'stopped',
    [brief.token]: 'its time is over',
    [again.token]: 'enough',
    [below.token]: 'enough',
  });
});
