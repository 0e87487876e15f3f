import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface AgentSessionsPartNeeds {
  readonly rooms: Pick<LaterRooms, 'agentSessions' | 'watches'>;
  readonly activity: Activity;
}

export function agentSessionsPart(
  { agentSessions: build }: Builder,
  { rooms: { agentSessions: room, watches }, activity }: AgentSessionsPartNeeds,
) {
  return {
    open: build.open.handler(async ({ input, context }) => (await room()).open(input, by(context))),
    list: build.list.handler(({ input }) => watches.agentSessions.list(input)),
    get: build.get.handler(async ({ input }) => (await room()).get(input.session)),
    watch: build.watch.handler(({ signal }) => watches.agentSessions.watch(activity.following(signal))),
    transcript: build.transcript.handler(async ({ input }) =>
      (await room()).transcript(input.session, input.before, input.most),
    ),
    find: build.find.handler(async ({ input }) => (await room()).find(input.session, input.text)),
    follow: build.follow.handler(async ({ input, signal }) =>
      (await room()).follow(input.session, input.after, activity.following(signal)),
    ),
    call: build.call.handler(async ({ input }) => (await room()).call(input.session, input.call)),
    send: build.send.handler(async ({ input, context }) =>
      (await room()).send(input.session, input.parts, by(context)),
    ),
    pause: build.pause.handler(async ({ input, context }) =>
      (await room()).pause(input.session, by(context)),
    ),
    resume: build.resume.handler(async ({ input, context }) =>
      (await room()).resume(input.session, by(context)),
    ),
    interrupt: build.interrupt.handler(async ({ input }) => (await room()).interrupt(input.session)),
    stop: build.stop.handler(async ({ input, context }) =>
      (await room()).stop(input.session, by(context), input.force),
    ),
    settle: build.settle.handler(async ({ input, context }) =>
      (await room()).settle(input.session, input.call, input.decision, by(context)),
    ),
    change: build.change.handler(async ({ input: { session, ...change }, context }) =>
      (await room()).alter(session, change, by(context)),
    ),
  };
}
