import { isOver } from '../../shared/job.ts';
import type { ShownMemory } from '../../shared/contract/keeping.ts';
import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface KeepingPartNeeds {
  readonly rooms: Pick<LaterRooms, 'tools'>;
  readonly activity: Activity;
}

export function notesPart({ notes: build }: Builder, { rooms: { tools } }: KeepingPartNeeds) {
  const notes = async () => (await tools()).notes;
  return {
    agents: build.agents.handler(async () => (await notes()).agents()),
    list: build.list.handler(async ({ input }) => (await notes()).list(input.agent)),
    get: build.get.handler(async ({ input }) => (await notes()).get(input.agent, input.key)),
    save: build.save.handler(async ({ input: { agent, key, content, pin }, context }) =>
      (await notes()).save(personAt(agent, context), key, content, pin),
    ),
    pin: build.pin.handler(async ({ input: { agent, key, pinned }, context }) =>
      (await notes()).pin(personAt(agent, context), key, pinned),
    ),
    erase: build.erase.handler(async ({ input: { agent, key }, context }) => {
      await (await notes()).erase(personAt(agent, context), key);
      return { key };
    }),
  };
}

export function memoryPart({ memory: build }: Builder, { rooms: { tools } }: KeepingPartNeeds) {
  const memories = async () => (await tools()).memories;
  return {
    agents: build.agents.handler(async () => (await memories()).agents()),
    list: build.list.handler(async ({ input }) => (await (await memories()).list(input.agent)).map(shown)),
    get: build.get.handler(async ({ input }) => {
      const found = await (await memories()).get(input.memory);
      return { ...shown(found), agent: found.agent };
    }),
    edit: build.edit.handler(async ({ input: { memory, content, category }, context }) =>
      shown(await (await memories()).edit(memory, { content, category }, by(context))),
    ),
    erase: build.erase.handler(async ({ input, context }) => {
      await (await memories()).erase(input.memory, by(context));
      return { id: input.memory };
    }),
  };
}

export function skillsPart({ skills: build }: Builder, { rooms: { tools } }: KeepingPartNeeds) {
  const skills = async () => (await tools()).skills;
  return {
    list: build.list.handler(async () => (await skills()).list()),
    get: build.get.handler(async ({ input }) => (await skills()).get(input.skill)),
    enable: build.enable.handler(async ({ input, context }) =>
      (await skills()).enable(input.skill, true, by(context)),
    ),
    disable: build.disable.handler(async ({ input, context }) =>
      (await skills()).enable(input.skill, false, by(context)),
    ),
    add: build.add.handler(async ({ input, context }) =>
      (await skills()).add(input.from, input.replace, by(context)),
    ),
    remove: build.remove.handler(async ({ input, context }) => {
      await (await skills()).remove(input.skill, by(context));
      return { name: input.skill };
    }),
  };
}

export function jobsPart({ jobs: build }: Builder, { rooms: { tools }, activity }: KeepingPartNeeds) {
  const jobs = async () => (await tools()).jobs;
  return {
    list: build.list.handler(async ({ input }) => (await jobs()).list(input.session ?? null)),
    get: build.get.handler(async ({ input }) => (await jobs()).get(input.job)),
    cancel: build.cancel.handler(async ({ input, context }) =>
      (await jobs()).cancel(input.job, 'a person cancelled it', by(context)),
    ),
    watch: build.watch.handler(async function* ({ input, signal }) {
      const until = activity.following(signal);
      for await (const job of (await jobs()).watch(input.job, until)) {
        yield job;
        if (isOver(job.state)) return;
      }
    }),
  };
}

const personAt = (agent: string, context: Parameters<typeof by>[0]) => ({
  agent,
  actor: by(context),
  scope: { agent },
  quota: null,
});

function shown({
  id,
  content,
  category,
  created,
  vector,
}: {
  id: ShownMemory['id'];
  content: string;
  category: ShownMemory['category'];
  created: string;
  vector: { readonly model: string } | null;
}): ShownMemory {
  return { id, content, category, created, embedding: vector?.model ?? null };
}
