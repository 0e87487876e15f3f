import { rm } from 'node:fs/promises';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Outcome, SandboxKind } from '../../../shared/session.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { outcomeInWords } from '../outcome.ts';
import type { SessionRights } from '../preparing/session-rights.ts';
import type { Reviewer } from '../reviewer.ts';
import type { SessionFolder } from '../session-folder.ts';
import { readTranscript } from '../viewing/transcript.ts';

export interface AwayParts {
  readonly record: Pick<AuditRecord, 'append' | 'appendAll'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly reviewer: Reviewer;
}

export interface Away {
  readonly session: Id<'session'>;
  readonly folder: SessionFolder;
  readonly rights: SessionRights;
  readonly outcome: Outcome;
  readonly begun: Date;
  /** Where that was not just now. */
  readonly ended?: Date;
  /** Whether what it changed waits for a person, to be counted now or left uncounted. */
  readonly underReview: 'no' | 'counted' | 'uncounted';
  readonly transcript: { bytes: number; cut: boolean } | null;
  /** What goes on the record with its end, just before it. */
  readonly last?: readonly Draft[];
  /** Whether its folder holds something that is kept. */
  readonly keeps?: boolean;
  /** Where its command was told as invoked: what it ran in. */
  readonly invoked: SandboxKind | null;
}

const system = { kind: 'system' } as const;

/**
 * Puts a session away whose sandbox is gone: its rights end, its transcript and its outcome go on the record, and its
 * folder goes unless changes wait in it. Its rights end first, so that a crash in between leaves it unfinished.
 */
export async function putAway(parts: AwayParts, away: Away): Promise<void> {
  const { record, log } = parts;
  const { session, folder, rights } = away;
  await rights.end('the session has ended', system);
  const changes = away.underReview === 'no' ? 0 : await waitingChanges(parts, away);
  const recorded = await readTranscript(folder.transcript);
  await record.appendAll(lastEvents(parts, away, changes, recorded));
  if (changes === 0 && away.keeps !== true) await removeFolder(parts, away);
  else await rm(folder.transcript, { force: true });
  log.info({ session, outcome: away.outcome.label }, 'a session has ended');
}

async function removeFolder({ reviewer, log }: AwayParts, { folder, underReview }: Away): Promise<void> {
  try {
    if (underReview !== 'no') await reviewer.discard(folder.kept);
  } catch (failure) {
    log.warn({ err: failure, kept: folder.kept }, 'what a review kept could not be removed');
  }
  await folder.remove(log);
}

function lastEvents(
  { clock }: AwayParts,
  { session, outcome, begun, ended = clock.now(), invoked, transcript, last = [] }: Away,
  changes: number | null,
  recorded: Buffer | null,
): Draft[] {
  const scope = { session };
  const finished: Draft[] =
    invoked === null
      ? []
      : [
          {
            kind: 'tool.finished',
            actor: { kind: 'agent', id: session },
            scope,
            data: {
              tool: 'shell',
              ok: outcome.label === 'success',
              preview: outcomeInWords(outcome).slice(0, 2000),
              surface: invoked,
            },
          },
        ];
  const seconds = Math.max(0, ended.getTime() - begun.getTime()) / 1000;
  const kept = recorded ? { bytes: recorded.length, cut: transcript?.cut ?? true } : null;
  const blobs = recorded
    ? [{ name: 'transcript.cast', type: 'application/x-asciicast', content: recorded }]
    : [];
  const review = changes === 0 ? 'none' : 'waiting';
  return [
    ...finished,
    ...last,
    {
      kind: 'session.ended',
      actor: system,
      scope,
      blobs,
      data: { outcome, seconds, transcript: kept, changes, review },
    },
  ];
}

/** How many wait; null where nobody can tell now: they are kept then. */
async function waitingChanges(
  { reviewer, log }: AwayParts,
  { underReview, folder: { kept } }: Away,
): Promise<number | null> {
  if (underReview === 'uncounted') return null;
  try {
    const folders = await reviewer.changes(kept);
    return folders.reduce((sum, { changes, more }) => sum + changes.length + more, 0);
  } catch (failure) {
    log.warn({ err: failure, kept }, 'the changes of a session could not be counted');
    return null;
  }
}
