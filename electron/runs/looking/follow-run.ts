import type { RunNews } from '../../../shared/run.ts';
import type { ListedPart } from '../carrying/planned-part.ts';
import type { Changes } from './changes.ts';
import type { RunLook } from './run-look.ts';

/** The run itself, and its whole plan, beside the names of its parts. */
export const itself = Symbol('run');
export const itsPlan = Symbol('plan');
export type RunChange = string | typeof itself | typeof itsPlan;

/** So many parts in one message: a plan may have a hundred thousand. */
const atOnce = 500;

export interface Followed {
  readonly id: string;
  readonly look: RunLook;
  readonly changes: Changes<RunChange>;
  readonly listed: () => Promise<readonly ListedPart[]>;
  /** The same as they are read. */
  readonly pieces: () => AsyncIterable<readonly ListedPart[]>;
}

/** The run and its parts, and from then on whatever changes of them. */
export async function* followRun(
  { id, look, changes, listed, pieces }: Followed,
  signal: AbortSignal,
): AsyncGenerator<RunNews, void> {
  const changed = changes.follow(signal);
  const first = changed.next();
  yield { kind: 'run', run: await look.run(id) };
  yield* wholePlan(id, look, pieces());
  for (let next = await first; !next.done; next = await changed.next()) {
    const what = next.value;
    if (what.has(itsPlan)) yield* wholePlan(id, look, pieces());
    else {
      const parts = (await listed()).filter(({ name }) => what.has(name));
      const row = parts.length > 0 ? look.row(id) : null;
      for (let at = 0; at < parts.length; at += atOnce) {
        const subtasks = look.subtasks(row!, parts.slice(at, at + atOnce));
        yield { kind: 'subtasks', subtasks };
      }
    }
    yield { kind: 'run', run: await look.run(id) };
  }
}

/** Each piece as it is when the follower comes to it. */
async function* wholePlan(
  id: string,
  look: RunLook,
  pieces: AsyncIterable<readonly ListedPart[]>,
): AsyncGenerator<RunNews, void> {
  const row = look.row(id);
  let kind: 'plan' | 'subtasks' = 'plan';
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += atOnce) {
      yield { kind, subtasks: look.subtasks(row, piece.slice(at, at + atOnce)) };
      kind = 'subtasks';
    }
  }
  if (kind === 'plan') yield { kind, subtasks: [] };
}
