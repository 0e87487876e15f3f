import type { Sessions } from '../sessions/sessions.ts';
import type { Activity } from './activity.ts';
import { type Builder, by } from './parts.ts';

export interface SessionsPartNeeds {
  readonly sessions: Sessions;
  readonly activity: Activity;
}

const never = new AbortController().signal;

export function sessionsPart({ sessions: build }: Builder, { sessions, activity }: SessionsPartNeeds) {
  const until = (signal: AbortSignal | undefined) => AbortSignal.any([signal ?? never, activity.following]);
  return {
    start: build.start.handler(({ input, context, signal }) => sessions.start(input, by(context), signal)),
    list: build.list.handler(({ input }) => sessions.list(input.most)),
    get: build.get.handler(({ input }) => sessions.get(input.session)),
    watch: build.watch.handler(({ signal }) => sessions.watch(until(signal))),
    attach: build.attach.handler(({ input, context, signal }) =>
      sessions.attach(input, by(context), until(signal)),
    ),
    taken: build.taken.handler(({ input }) => ({
      taken: sessions.taken(input.session, input.viewer, input.bytes),
    })),
    input: build.input.handler(async ({ input }) => ({
      taken: await sessions.input(input.session, input.viewer, Buffer.from(input.data, 'base64'), input.end),
    })),
    resize: build.resize.handler(({ input }) => ({
      size: sessions.resize(input.session, input.viewer, input.size),
    })),
    stop: build.stop.handler(({ input, context }) => sessions.stop(input.session, input.force, by(context))),
    changes: build.changes.handler(({ input }) => sessions.changes(input.session)),
    change: build.change.handler(({ input }) => sessions.change(input.session, input.key)),
    apply: build.apply.handler(({ input, context }) =>
      sessions.apply(input.session, input.keys, by(context)),
    ),
    discard: build.discard.handler(({ input, context }) => sessions.discard(input.session, by(context))),
  };
}
