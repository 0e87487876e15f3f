import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface RunsPartNeeds {
  readonly rooms: Pick<LaterRooms, 'runs' | 'watches'>;
  readonly activity: Activity;
}

export function runsPart({ runs: build }: Builder, { rooms: { runs, watches }, activity }: RunsPartNeeds) {
  return {
    submit: build.submit.handler(async ({ input, context }) => (await runs()).submit(input, by(context))),
    preview: build.preview.handler(async ({ input }) => (await runs()).preview(input)),
    list: build.list.handler(({ input }) => watches.runs.list(input)),
    watch: build.watch.handler(({ signal }) => watches.runs.watch(activity.following(signal))),
    get: build.get.handler(async ({ input }) => (await runs()).get(input.run)),
    plan: build.plan.handler(async ({ input }) => (await runs()).plan(input.run, input.round)),
    subtask: build.subtask.handler(async ({ input }) =>
      (await runs()).subtask(input.run, input.subtask, input.round),
    ),
    follow: build.follow.handler(async function* ({ input, signal }) {
      yield* (await runs()).follow(input.run, activity.following(signal));
    }),
    answerPlan: build.answerPlan.handler(async ({ input: { run, answer, ...given }, context }) =>
      (await runs()).answerPlan(run, answer, given, by(context)),
    ),
    pause: build.pause.handler(async ({ input, context }) => (await runs()).pause(input.run, by(context))),
    resume: build.resume.handler(async ({ input, context }) => (await runs()).resume(input.run, by(context))),
    stop: build.stop.handler(async ({ input, context }) => (await runs()).stop(input.run, by(context))),
    retry: build.retry.handler(async ({ input, context }) => (await runs()).retry(input.run, by(context))),
    fork: build.fork.handler(async ({ input: { run, from, params }, context }) =>
      (await runs()).fork(run, from, params, by(context)),
    ),
    changes: build.changes.handler(async ({ input }) => (await runs()).changes(input.run)),
    change: build.change.handler(async ({ input }) => (await runs()).change(input.run, input.key)),
    apply: build.apply.handler(async ({ input, context }) =>
      (await runs()).apply(input.run, input.keys, by(context)),
    ),
    discard: build.discard.handler(async ({ input, context }) =>
      (await runs()).discard(input.run, by(context)),
    ),
    raise: build.raise.handler(async ({ input: { run, ...bounds }, context }) =>
      (await runs()).raise(run, bounds, by(context)),
    ),
    pin: build.pin.handler(async ({ input, context }) =>
      (await runs()).pin(input.run, input.pinned, by(context)),
    ),
    output: build.output.handler(async ({ input }) =>
      (await runs()).output(input.run, input.path, input.offset),
    ),
    asRecipe: build.asRecipe.handler(async ({ input: { run, ...named } }) =>
      (await runs()).asRecipe(run, named),
    ),
  };
}
