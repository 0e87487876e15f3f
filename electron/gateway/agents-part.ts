import type { Activity } from './activity.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface AgentsPartNeeds {
  readonly rooms: Pick<LaterRooms, 'agents' | 'images'>;
  readonly activity: Activity;
}

export function agentsPart(
  { agents: build }: Builder,
  { rooms: { agents, images }, activity }: AgentsPartNeeds,
) {
  return {
    list: build.list.handler(async () => (await agents()).list()),
    get: build.get.handler(async ({ input }) => (await agents()).entry(input.name)),
    watch: build.watch.handler(async function* ({ signal }) {
      yield* (await agents()).watch(activity.following(signal));
    }),
    validate: build.validate.handler(async ({ input }) => (await agents()).check(input.text)),
    compose: build.compose.handler(async ({ input }) => (await agents()).compose(input.text, input.set)),
    save: build.save.handler(async ({ input }) =>
      (await agents()).save(input.name, input.text, input.before),
    ),
    remove: build.remove.handler(async ({ input }) => {
      await (await agents()).remove(input.name, input.before);
      return { name: input.name };
    }),
    schema: build.schema.handler(async () => (await agents()).schema()),
    presets: build.presets.handler(async () => (await agents()).presets()),
    image: build.image.handler(async ({ input }) => (await images()).newest(input.preset)),
    makeImage: build.makeImage.handler(async function* ({ input, context, signal }) {
      const made = await images();
      yield* made.make(input, by(context), activity.following(signal));
    }),
    images: build.images.handler(async ({ input }) => (await images()).kept(input.preset)),
    pruneImages: build.pruneImages.handler(async ({ input, context }) =>
      (await images()).prune(input, by(context)),
    ),
    importAgentd: build.importAgentd.handler(async ({ input }) => {
      const { importAgentd } = await import('../agents/agentd-import.ts');
      return importAgentd(await agents(), input);
    }),
    methodology: build.methodology.handler(async ({ input }) => {
      const { checkMethodology } = await import('../agents/methodology.ts');
      return checkMethodology(input.folder);
    }),
    checkInput: build.checkInput.handler(async ({ input }) => {
      const { lookAtInput } = await import('../agents/input-look.ts');
      return lookAtInput(input.what, input.methodology);
    }),
  };
}
