import { type SandboxKind, sandboxKinds } from '../../shared/session.ts';
import { removeTree } from '../base/remove-tree.ts';
import { failedOutcome } from './outcome.ts';
import { Problem } from '../../shared/problem.ts';
import { SessionRights } from './preparing/session-rights.ts';
import { putAway } from './running/putting-away.ts';
import { SessionFolder } from './session-folder.ts';
import type { SessionParts } from './session-parts.ts';
import { readSessionRow } from './session-row.ts';
import { putAsideHalfMade } from './working/half-made.ts';
import { clonerOf } from './working/cloner.ts';
import { workOf } from './work-rows.ts';
import { sessionsIn, unfinishedSessions } from './session-rows.ts';

/** How many leftovers an event names; the number is always whole. */
const namedThings = 200;
const system = { kind: 'system' } as const;

/** Sessions that a killed life left unfinished are ended on the record, and keep what waits for review. */
export async function endLostSessions(parts: SessionParts): Promise<void> {
  for (const cells of parts.record.rows(unfinishedSessions)) {
    try {
      const session = readSessionRow(cells, [], (id) => parts.record.rows(workOf, id)[0]);
      await putAway(parts, {
        session: session.id,
        folder: new SessionFolder(parts.data, session.id),
        rights: new SessionRights(parts.tokens, session.id),
        outcome: failedOutcome(new Problem('internal', 'Holdfast was killed while it ran.')),
        begun: new Date(session.started),
        underReview: session.folders.some(({ mode }) => mode === 'review') ? 'uncounted' : 'no',
        transcript: null,
        invoked: session.state === 'running' ? session.sandbox : null,
      });
      if (session.work) await parts.tokens.revokeAll(clonerOf(session.id), 'the session has ended', system);
    } catch (failure) {
      parts.log.error({ err: failure, session: cells['id'] }, 'a lost session could not be ended');
    }
  }
}

/**
 * Removes what killed lives left on this machine, while new sessions may begin. Nothing is asked where no session ever
 * ran; what is in the way of a new one is out of it when this answers.
 */
export async function removeLeftovers(parts: SessionParts): Promise<{ readonly removing: Promise<void> }> {
  const ran = sandboxKinds.filter((kind) => parts.record.rows(sessionsIn, kind)[0]?.['number'] !== 0);
  const warn = (failure: unknown) => {
    parts.log.warn({ err: failure }, 'a mirror that was half made could not be removed');
    return [];
  };
  const aside = await putAsideHalfMade(parts.data).catch(warn);
  return { removing: removeAll(parts, aside, ran, warn) };
}

async function removeAll(
  parts: SessionParts,
  aside: readonly string[],
  kinds: readonly SandboxKind[],
  warn: (failure: unknown) => void,
): Promise<void> {
  for (const path of aside) await removeTree(path).catch(warn);
  for (const kind of kinds) {
    try {
      const executor = await parts.executor(kind);
      const { removed } = await executor.reconcile();
      if (removed.length === 0) continue;
      const data = { things: removed.slice(0, namedThings), count: removed.length };
      await parts.record.append({ kind: 'leftovers.removed', actor: system, data });
    } catch (failure) {
      parts.log.warn({ err: failure, kind }, 'what a killed life left could not be looked for');
    }
  }
}
