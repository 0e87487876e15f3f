import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface WorkPartNeeds {
  readonly rooms: Pick<LaterRooms, 'work'>;
}

export function workPart({ work: build }: Builder, { rooms: { work } }: WorkPartNeeds) {
  return {
    start: build.start.handler(async ({ input, context }) => (await work()).start(input, by(context))),
    changes: build.changes.handler(async ({ input }) => (await work()).changes(input.session)),
    difference: build.difference.handler(async ({ input }) =>
      (await work()).difference(input.session, input.path),
    ),
    apply: build.apply.handler(async ({ input, context }) => (await work()).apply(input, by(context))),
    raise: build.raise.handler(async ({ input: { session, ...more }, context }) =>
      (await work()).raise(session, more, by(context)),
    ),
    discard: build.discard.handler(async ({ input, context }) =>
      (await work()).discard(input.session, by(context)),
    ),
  };
}
