import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface ObjectivesPartNeeds {
  readonly rooms: Pick<LaterRooms, 'objectives'>;
  readonly activity: Activity;
}

export function objectivesPart(
  { objectives: build }: Builder,
  { rooms: { objectives }, activity }: ObjectivesPartNeeds,
) {
  return {
    list: build.list.handler(async () => (await objectives.open()).list()),
    watch: build.watch.handler(async function* ({ signal }) {
      yield* objectives.watch(activity.following(signal));
    }),
    get: build.get.handler(async ({ input }) => (await objectives.open()).get(input.name)),
    times: build.times.handler(async ({ input }) => {
      const { timingProblem, dueTimes } = await import('../base/cron.ts');
      const problem = timingProblem(input.timing);
      if (problem !== null) return { next: [], problem: `The schedule ${problem}` };
      const next = dueTimes(input.timing, new Date(), input.most);
      return { next: next.map((time) => time.toISOString()), problem: null };
    }),
    save: build.save.handler(async ({ input, context }) =>
      (await objectives.open()).save(input, by(context)),
    ),
    remove: build.remove.handler(async ({ input, context }) => {
      await (await objectives.open()).remove(input.name, by(context));
      return null;
    }),
    pause: build.pause.handler(async ({ input, context }) =>
      (await objectives.open()).pause(input.name, by(context)),
    ),
    resume: build.resume.handler(async ({ input, context }) =>
      (await objectives.open()).resume(input.name, by(context)),
    ),
    run: build.run.handler(async ({ input, context }) =>
      (await objectives.open()).run(input.name, by(context)),
    ),
  };
}
