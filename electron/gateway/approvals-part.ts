import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface ApprovalsPartNeeds {
  readonly rooms: Pick<LaterRooms, 'approvals'>;
  readonly activity: Activity;
}

export function approvalsPart(
  { approvals: build }: Builder,
  { rooms: { approvals }, activity }: ApprovalsPartNeeds,
) {
  return {
    list: build.list.handler(async ({ input }) => (await approvals()).list(input)),
    watch: build.watch.handler(async function* ({ signal }) {
      yield* (await approvals()).watch(activity.following(signal));
    }),
    get: build.get.handler(async ({ input }) => (await approvals()).get(input.approval)),
    answer: build.answer.handler(async ({ input, context }) =>
      (await approvals()).answer(input.approval, input.answer, input.input, by(context)),
    ),
  };
}

export function rulesPart({ rules: build }: Builder, { rooms: { approvals } }: ApprovalsPartNeeds) {
  return {
    list: build.list.handler(async ({ input }) => (await approvals()).rules.list(input.every)),
    add: build.add.handler(async ({ input, context }) => (await approvals()).addRule(input, by(context))),
    remove: build.remove.handler(async ({ input, context }) =>
      (await approvals()).rules.remove(input.rule, by(context)),
    ),
    preview: build.preview.handler(async ({ input }) => (await approvals()).trials.preview(input)),
    test: build.test.handler(async ({ input: { call, ...place } }) =>
      (await approvals()).trials.test(call, place),
    ),
  };
}
