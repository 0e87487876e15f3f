import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface OutsidePartNeeds {
  readonly rooms: Pick<LaterRooms, 'tools'>;
}

const never = new AbortController().signal;

export function searchPart({ search: build }: Builder, { rooms: { tools } }: OutsidePartNeeds) {
  return {
    try: build.try.handler(async ({ input: { query, count }, context, signal }) => {
      const { engine, pages } = await (await tools()).trySearch(query, count, by(context), signal ?? never);
      return { engine, pages: [...pages] };
    }),
  };
}

export function mailPart({ mail: build }: Builder, { rooms: { tools } }: OutsidePartNeeds) {
  return {
    try: build.try.handler(async ({ input, context, signal }) =>
      (await tools()).tryMail(input.to, by(context), signal ?? never),
    ),
  };
}
