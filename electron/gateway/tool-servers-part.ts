import { Problem } from '../../shared/problem.ts';
import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import type { Builder } from './parts.ts';

export interface ToolServersPartNeeds {
  readonly rooms: Pick<LaterRooms, 'toolServers'>;
  readonly activity: Activity;
}

export function toolServersPart(
  { toolServers: build }: Builder,
  { rooms: { toolServers: servers }, activity }: ToolServersPartNeeds,
) {
  const absent = () =>
    Promise.reject(new Problem('unavailable', 'Servers of tools cannot be started in this version yet.'));
  return {
    list: build.list.handler(async () => (await servers()).list()),
    watch: build.watch.handler(async function* ({ signal }) {
      yield* (await servers()).watch(activity.following(signal));
    }),
    get: build.get.handler(async ({ input }) => (await servers()).page(input.server)),
    compose: build.compose.handler(async ({ input }) => (await servers()).compose(input.text, input.set)),
    save: build.save.handler(async ({ input }) => (await servers()).save(input.server, input.text)),
    remove: build.remove.handler(async ({ input }) => {
      await (await servers()).remove(input.server);
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
    start: build.start.handler(absent),
    stop: build.stop.handler(absent),
    accept: build.accept.handler(absent),
    call: build.call.handler(absent),
    signIn: build.signIn.handler(absent),
    signOut: build.signOut.handler(absent),
  };
}
