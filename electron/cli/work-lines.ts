import type { Client } from './client.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import type { Outcome, Session } from '../../shared/session.ts';
import { plural } from '../../shared/plural.ts';
import { harmless, tinted } from './output.ts';

type WorkChanges = Awaited<ReturnType<Client['work']['changes']>>;

/** Outcomes after which whoever started it has nothing to mend. */
const well: ReadonlySet<Outcome['label']> = new Set(['success', 'blocked', 'nothing_ready']);

/** How a session of a command agent ended, in the words that scripts look for. */
export function endOfWork({ label, code, signal }: Outcome): { well: boolean; line: string } {
  if (well.has(label)) return { well: true, line: `session ${label}` };
  if (label === 'timed_out') return { well: false, line: 'session timed out' };
  if (label === 'cancelled') return { well: false, line: 'session cancelled' };
  const by = signal === null ? '' : `, signal ${signal}`;
  return { well: false, line: `session ${label} (exit code ${code}${by})` };
}

/** A session where it is of a command agent; null where it is of another kind. */
export async function workSession(client: Client, session: string): Promise<Session | null> {
  if (session.startsWith('run_')) return null;
  try {
    const found = await client.sessions.get({ session });
    return found.work ? found : null;
  } catch (thrown) {
    if (problemOf(thrown).code === 'not_found') return null;
    throw thrown;
  }
}

const marks = {
  added: 'new',
  modified: 'changed',
  removed: 'removed',
  renamed: 'renamed',
  mode: 'mode',
} as const;

/** `left`: what could not be kept. */
export function workChangeLines({ commits, files, more }: WorkChanges, left: readonly string[]): string[] {
  const lost = left.length > 0 ? [tinted('bad', `not kept: ${left.map(harmless).join(', ')}`)] : [];
  if (commits.length === 0 && files.length === 0) return ['Nothing changed.', ...lost];
  const lines = (added: number | null, removed: number | null) =>
    added === null || removed === null ? '  (binary)' : `  (+${added} −${removed})`;
  return [
    ...(commits.length > 0 ? [tinted('strong', plural(commits.length, 'commit'))] : []),
    ...commits.map(
      ({ commit, subject, author }) => `  ${commit.slice(0, 12)}  ${harmless(subject)} (${harmless(author)})`,
    ),
    ...(files.length > 0 ? [tinted('strong', plural(files.length + more, 'file'))] : []),
    ...files.map(
      ({ kind, path, added, removed, untracked }) =>
        `  ${marks[kind].padEnd(8)}  ${harmless(path)}${lines(added, removed)}${untracked ? ', not committed' : ''}`,
    ),
    ...(more > 0 ? [`  and ${more.toLocaleString('en')} more`] : []),
    ...lost,
  ];
}
