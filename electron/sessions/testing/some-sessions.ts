import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type SessionWish, sessionWishSchema } from '../../../shared/session.ts';
import type { z } from 'zod';
import { openRecord } from '../../audit/open-record.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { CapabilityTokens } from '../../capabilities/capability-tokens.ts';
import { createPathOpener } from '../../capabilities/open-path.ts';
import type { Executor } from '../../sandbox/sandbox.ts';
import { openVault } from '../../store/open-vault.ts';
import type { Reviewer } from '../reviewer.ts';
import type { SessionParts } from '../session-parts.ts';
import { missingReviewer } from './missing-reviewer.ts';
import { Sessions } from '../sessions.ts';

export const operator = { kind: 'operator' } as const;
export const never = new AbortController().signal;

const threads = {
  writer: new URL('../../writer.ts', import.meta.url),
  reader: new URL('../../reader.ts', import.meta.url),
};

/** A folder of its own, gone when the test is over. */
export function testFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-sessions-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface SomeSessionsOptions {
  readonly executor: Executor;
  readonly folder?: string;
  readonly clock?: Clock;
  readonly reviewer?: Reviewer;
}

/** Sessions over a real record, vault and tokens, with the given way to contain; closed when the test is over. */
export async function someSessions(options: SomeSessionsOptions) {
  const { folder = testFolder(), clock = systemClock, executor } = options;
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const log = silentLog();
  const vault = await openVault({ folder: data, clock: systemClock });
  const opened = { folder: data, vault, clock: systemClock, log, version: 'test', threads };
  const record = await openRecord(opened);
  const tokens = await CapabilityTokens.open({ record, clock, log, random: randomBytes });
  const parts: SessionParts = {
    record,
    clock,
    log,
    vault,
    tokens,
    open: createPathOpener(),
    executor: () => Promise.resolve(executor),
    reviewer: options.reviewer ?? missingReviewer('There is none here.', 'Look elsewhere.'),
    data,
    ownPlaces: () => Promise.resolve([data]),
  };
  const sessions = await Sessions.open(parts);
  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= (async () => {
      await sessions.close();
      await tokens.close();
      await record.close();
    })());
  onTestFinished(close);
  /** What is on the record of a session, oldest first. */
  const events = async (session: string) => {
    const { events: found } = await record.query({ filter: { session }, limit: 500 });
    return found.toReversed();
  };
  return { folder, data, record, vault, tokens, sessions, parts, close, events };
}

/** A wish with what the schema adds by itself. */
export function wish(wanted: z.input<typeof sessionWishSchema>): SessionWish {
  return sessionWishSchema.parse(wanted);
}
