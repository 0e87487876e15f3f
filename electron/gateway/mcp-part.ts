import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface McpPartNeeds {
  readonly rooms: Pick<LaterRooms, 'mcp'>;
  readonly activity: Activity;
}

export function mcpPart({ mcp: build }: Builder, { rooms: { mcp }, activity }: McpPartNeeds) {
  return {
    serving: build.serving.handler(async () => (await mcp()).serving()),
    serve: build.serve.handler(async ({ input, context }) => (await mcp()).serve(input, by(context))),
    configurations: build.configurations.handler(async ({ input }) =>
      (await mcp()).configurations(input.token),
    ),
    calls: build.calls.handler(async ({ input }) => (await mcp()).calls(input.token, input.most)),
    watch: build.watch.handler(async function* ({ signal }) {
      yield* (await mcp()).watch(activity.following(signal));
    }),
  };
}
