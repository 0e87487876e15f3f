import type { ModelState } from '../../shared/contract/models.ts';
import type { ModelRef } from '../../shared/conversation.ts';
import { modelRefSchema } from '../../shared/conversation.ts';
import type { Actor } from '../../shared/events/event.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { ModelRoom } from '../models/model-room.ts';
import type { Provider } from '../models/providers.ts';
import type { Vault } from '../store/vault.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, by } from './parts.ts';

export interface ModelsPartNeeds {
  readonly rooms: Pick<LaterRooms, 'models'>;
  readonly record: AuditRecord;
  readonly vault: Vault;
}

export function modelsPart({ models: build }: Builder, { rooms, record, vault }: ModelsPartNeeds) {
  const state = async () => stateOf(await rooms.models(), record);
  return {
    list: build.list.handler(state),
    find: build.find.handler(async () => {
      const { keys, servers } = await (await rooms.models()).find();
      return { keys, servers: servers.map(({ models, ...server }) => ({ ...server, models: [...models] })) };
    }),
    configure: build.configure.handler(async ({ input, context }) => {
      const room = await rooms.models();
      const { provider: name, model, key, keyFromEnvironment, ...wish } = input;
      const ref = model === undefined ? null : refOf(name, model);
      const given = key ?? (keyFromEnvironment ? keyLyingAt(room, name) : undefined);
      const before = room.providers.find(name);
      const secret = given === undefined ? wish.secret : (wish.secret ?? before?.secret ?? `${name}.key`);
      // Refused as a whole before anything is kept.
      room.providers.check({ ...wish, provider: name, secret });
      if (given !== undefined && secret) {
        await vault.set(secret, given);
        await record.append({ kind: 'secret.stored', actor: by(context), data: { name: secret } });
      }
      await room.providers.configure({ ...wish, provider: name, secret }, by(context));
      if (ref !== null) await choose(record, ref, by(context));
      return state();
    }),
    remove: build.remove.handler(async ({ input, context }) => {
      await (await rooms.models()).providers.remove(input.provider, by(context));
      return state();
    }),
    try: build.try.handler(async ({ input }) => {
      const room = await rooms.models();
      const provider = room.providers.find(input.provider);
      if (!provider) {
        throw new Problem(
          'not_found',
          `There is no provider “${input.provider}”.`,
          'List them with `holdfast models`.',
        );
      }
      const { models, problem } = await room.try(provider);
      const told = problem && { message: problem.message, mend: problem.mend ?? null };
      return { provider: provider.name, ok: problem === null, models: [...models], problem: told };
    }),
  };
}

function stateOf(room: ModelRoom, record: AuditRecord): ModelState {
  const { known, providers } = room;
  return {
    default: record.settings()['models.default'],
    asOf: known.asOf,
    file: room.needs.files.own,
    problems: [...known.problems],
    providers: providers.list().map((provider) => ({
      ...factsOf(provider),
      usable: providers.usable(provider),
      models: known.listed(provider.name).map((name) => {
        const ref: ModelRef = `${provider.name}/${name}`;
        const price = known.price(ref);
        return { ...known.facts(ref), price: price && { input: price.input, output: price.output } };
      }),
    })),
  };
}

function factsOf({ name, title, wire, baseUrl, secret, keyed, local, configured }: Provider) {
  return { name, title, wire, baseUrl, secret, keyed, local, configured };
}

/** A model may be named with its provider or, where that is clear, without. */
function refOf(provider: string, model: string): ModelRef {
  const ref = modelRefSchema.safeParse(model.startsWith(`${provider}/`) ? model : `${provider}/${model}`);
  if (ref.success) return ref.data;
  throw new Problem('invalid_input', `“${model}” is no name of a model.`);
}

function keyLyingAt(room: ModelRoom, name: string): string {
  const variable = room.providers.find(name)?.known?.variable;
  const key = variable === undefined ? undefined : room.needs.environment[variable];
  if (key) return key;
  throw new Problem(
    'not_found',
    variable === undefined
      ? `No variable is known for the key of ${name}.`
      : `${variable} is not in the environment in which Holdfast was started.`,
    'Give the key itself, or use `holdfast configure --key-from-env`.',
  );
}

async function choose(record: AuditRecord, value: ModelRef, actor: Actor): Promise<void> {
  await record.append({ kind: 'setting.changed', actor, data: { key: 'models.default', value } });
}
