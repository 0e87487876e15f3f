import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import type { Builder } from './parts.ts';

export interface PlanningPartNeeds {
  readonly rooms: Pick<LaterRooms, 'planning'>;
  readonly activity: Activity;
}

export function rolesPart({ roles: build }: Builder, { rooms: { planning } }: PlanningPartNeeds) {
  return {
    list: build.list.handler(async () => (await planning()).roles.list()),
    get: build.get.handler(async ({ input }) => (await planning()).roles.entry(input.name)),
    validate: build.validate.handler(async ({ input }) => {
      const { value: role, problems } = await (await planning()).roles.check(input.text);
      return { role, problems: [...problems] };
    }),
  };
}

export function recipesPart(
  { recipes: build }: Builder,
  { rooms: { planning }, activity }: PlanningPartNeeds,
) {
  return {
    list: build.list.handler(async () => (await planning()).recipes.list()),
    watch: build.watch.handler(async function* ({ signal }) {
      yield* (await planning()).recipes.watch(activity.following(signal));
    }),
    get: build.get.handler(async ({ input }) => (await planning()).recipes.entry(input.name)),
    validate: build.validate.handler(async ({ input }) => {
      const { value: recipe, problems } = await (await planning()).recipes.check(input.text);
      return { recipe, problems: [...problems] };
    }),
    fill: build.fill.handler(async ({ input }) => {
      const { problems, plan, asks } = await (await planning()).fill(input.name, input.params);
      return { problems: [...problems], plan, asks };
    }),
    save: build.save.handler(async ({ input }) =>
      (await planning()).recipes.save(input.name, input.text, input.replace),
    ),
    remove: build.remove.handler(async ({ input }) => {
      await (await planning()).recipes.remove(input.name);
      return null;
    }),
  };
}
