import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface RecordsPartNeeds {
  readonly rooms: Pick<LaterRooms, 'records'>;
}

const mostListed = 10_000;

export function recordsPart({ records: build }: Builder, { rooms: { records } }: RecordsPartNeeds) {
  return {
    list: build.list.handler(async ({ input }) => {
      const room = await records();
      const found = await room.list(input.agent);
      const listed = found.slice(0, mostListed);
      return { root: room.root, records: listed, more: found.length - listed.length };
    }),
    get: build.get.handler(async ({ input }) => (await records()).get(input.session)),
    prune: build.prune.handler(async ({ input, context }) => {
      const pruned = await (await records()).prune(input, by(context));
      return { ...pruned, records: pruned.records.slice(0, mostListed) };
    }),
  };
}
