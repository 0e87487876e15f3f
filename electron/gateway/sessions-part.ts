import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface SessionsPartNeeds {
  readonly rooms: Pick<LaterRooms, 'sessions' | 'agentSessions'>;
  readonly activity: Activity;
}

export function sessionsPart(
  { sessions: build }: Builder,
  { rooms: { sessions, agentSessions }, activity }: SessionsPartNeeds,
) {
  /** What waits for a decision is decided in one way, whoever left it. */
  const reviewing = async (session: string) => {
    const commands = await sessions();
    return commands.has(session) ? commands : agentSessions();
  };
  return {
    start: build.start.handler(async ({ input, context, signal }) =>
      (await sessions()).start(input, by(context), signal),
    ),
    list: build.list.handler(async ({ input }) => (await sessions()).list(input.most)),
    get: build.get.handler(async ({ input }) => (await sessions()).get(input.session)),
    watch: build.watch.handler(async ({ signal }) => (await sessions()).watch(activity.following(signal))),
    attach: build.attach.handler(async ({ input, context, signal }) =>
      (await sessions()).attach(input, by(context), activity.following(signal)),
    ),
    taken: build.taken.handler(async ({ input }) => ({
      taken: (await sessions()).taken(input.session, input.viewer, input.bytes),
    })),
    input: build.input.handler(async ({ input }) => {
      const bytes = Buffer.from(input.data, 'base64');
      return { taken: await (await sessions()).input(input.session, input.viewer, bytes, input.end) };
    }),
    resize: build.resize.handler(async ({ input }) => ({
      size: (await sessions()).resize(input.session, input.viewer, input.size),
    })),
    stop: build.stop.handler(async ({ input, context }) =>
      (await sessions()).stop(input.session, input.force, by(context)),
    ),
    changes: build.changes.handler(async ({ input }) =>
      (await reviewing(input.session)).changes(input.session),
    ),
    change: build.change.handler(async ({ input }) =>
      (await reviewing(input.session)).change(input.session, input.key),
    ),
    apply: build.apply.handler(async ({ input, context }) =>
      (await reviewing(input.session)).apply(input.session, input.keys, by(context)),
    ),
    discard: build.discard.handler(async ({ input, context }) =>
      (await reviewing(input.session)).discard(input.session, by(context)),
    ),
  };
}
