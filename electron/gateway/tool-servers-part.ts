import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface ToolServersPartNeeds {
  readonly rooms: Pick<LaterRooms, 'toolServers'>;
  readonly activity: Activity;
}

export function toolServersPart(
  { toolServers: build }: Builder,
  { rooms: { toolServers: servers }, activity }: ToolServersPartNeeds,
) {
  return {
    list: build.list.handler(async () => (await servers()).list()),
    watch: build.watch.handler(async function* ({ signal }) {
      yield* (await servers()).watch(activity.following(signal));
    }),
    get: build.get.handler(async ({ input }) => (await servers()).page(input.server)),
    compose: build.compose.handler(async ({ input }) => (await servers()).compose(input.text, input.set)),
    save: build.save.handler(async ({ input, context }) =>
      (await servers()).save(input.server, input.text, by(context)),
    ),
    remove: build.remove.handler(async ({ input, context }) => {
      await (await servers()).remove(input.server, by(context));
      return { removed: true as const };
    }),
    read: build.read.handler(async ({ input }) => {
      const { form, servers: found, problems } = (await servers()).read(input.text);
      return {
        form,
        problems: [...problems],
        servers: found.map((each) => ({ ...each, notes: [...each.notes] })),
      };
    }),
    start: build.start.handler(async ({ input }) => (await servers()).start(input.server)),
    stop: build.stop.handler(async ({ input }) => (await servers()).stop(input.server)),
    accept: build.accept.handler(async ({ input, context }) =>
      (await servers()).accept(input.server, input.digests, by(context)),
    ),
    call: build.call.handler(async ({ input, context, signal }) =>
      (await servers()).tryCall(
        input.server,
        input.tool,
        input.input,
        by(context),
        signal ?? new AbortController().signal,
      ),
    ),
    signIn: build.signIn.handler(async ({ input, context }) =>
      (await servers()).signIn(input.server, by(context)),
    ),
    signOut: build.signOut.handler(async ({ input, context }) =>
      (await servers()).signOut(input.server, by(context)),
    ),
  };
}
