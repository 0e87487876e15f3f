import type { MachineFinding } from '../../shared/contract/house.ts';
import type { ModelRef } from '../../shared/conversation.ts';
import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Later } from '../base/later.ts';
import type { ModelRoom } from '../models/model-room.ts';
import type { Vault } from '../store/vault.ts';

export interface ModelsLookNeeds {
  readonly record: Pick<AuditRecord, 'rows' | 'settings'>;
  readonly vault: Pick<Vault, 'get'>;
  readonly models: Later<ModelRoom>;
}

type Found = Awaited<ReturnType<ModelRoom['find']>>;
type Told = Pick<MachineFinding, 'state' | 'detail' | 'mend'>;

const play = '`npm run demo:model` plays one for trying things out.';

/**
 * Whether agents have a model here. What is set up is told at any time, from the record alone where that is enough;
 * keys and servers of this machine are looked for only where somebody asks for a look.
 */
export class ModelsLook {
  readonly #needs: ModelsLookNeeds;
  #found: Found | null = null;

  constructor(needs: ModelsLookNeeds) {
    this.#needs = needs;
  }

  async look(): Promise<void> {
    try {
      this.#found = await (await this.#needs.models()).find();
    } catch {
      // Why the room cannot be had is what the finding tells.
      this.#found = null;
    }
  }

  async finding(): Promise<MachineFinding> {
    const chosen = this.#needs.record.settings()['models.default'];
    const told = await (chosen === null ? this.#whatThereIs() : this.#standing(chosen)).catch(troubleOf);
    return { id: 'models', name: 'Models', ...told };
  }

  async #standing(ref: ModelRef): Promise<Told> {
    const provider = ref.slice(0, ref.indexOf('/'));
    const { record, vault, models } = this.#needs;
    const row = record.rows('SELECT secret FROM providers WHERE provider = ?', provider)[0];
    const secret = row?.['secret'];
    const ready = row !== undefined && (typeof secret !== 'string' || vault.get(secret) !== undefined);
    // Reading what is known of providers is spared wherever the record says it all.
    if (!ready || this.#found !== null) {
      const room = await models();
      const { local, baseUrl, known } = room.providers.target(ref).provider;
      const answers = this.#found?.servers.some((server) => server.provider === provider) ?? true;
      if (local && !answers) {
        return {
          state: 'warning',
          detail: `${ref} is the default model, and nobody answers at ${baseUrl}`,
          mend: known?.start ?? 'Start that server, and look again.',
        };
      }
    }
    return { state: 'ok', detail: `${ref} is the default model` };
  }

  async #whatThereIs(): Promise<Told> {
    if (this.#found === null) {
      return {
        state: 'warning',
        detail: 'no default model is chosen yet',
        mend: `Run \`holdfast configure\`, or open Settings → Models; ${play}`,
      };
    }
    const room = await this.#needs.models();
    return (
      keptHere(room, this.#found) ??
      serverHere(room, this.#found) ??
      keyHere(room, this.#found) ??
      nothingHere
    );
  }
}

const nothingHere: Told = {
  state: 'warning',
  detail: 'no model yet: no key is in the environment, and no server of models answers here',
  mend: `Run \`holdfast configure --provider anthropic\` or another, or open Settings → Models; ${play}`,
};

function keptHere({ providers, known }: ModelRoom, { servers }: Found): Told | undefined {
  const usable = providers.list().find((provider) => providers.usable(provider));
  if (usable === undefined) return undefined;
  const { name, title } = usable;
  const there = servers.find(({ provider }) => provider === name)?.models[0];
  return {
    state: 'warning',
    detail: `${title} is set up, and no default model is chosen`,
    mend: command(name, there ?? known.listed(name)[0] ?? 'NAME'),
  };
}

function serverHere({ providers }: ModelRoom, { servers }: Found): Told | undefined {
  const server = servers.find(({ models }) => models.length > 0) ?? servers[0];
  if (server === undefined) return undefined;
  const { provider, baseUrl } = server;
  const [model] = server.models;
  const known = providers.find(provider);
  const answers = `${known?.title ?? provider} answers at ${baseUrl}`;
  return model === undefined
    ? {
        state: 'warning',
        detail: `${answers} and has no model yet`,
        mend: known?.known?.start ?? 'Give it a model, and look again.',
      }
    : {
        state: 'warning',
        detail: `no model is set up; ${answers} and has ${model}`,
        mend: command(provider, model),
      };
}

function keyHere({ known }: ModelRoom, { keys }: Found): Told | undefined {
  const key = keys[0];
  if (key === undefined) return undefined;
  const { provider, variable } = key;
  return {
    state: 'warning',
    detail: `no model is set up; ${keys.map((each) => each.variable).join(', ')} in the environment may be used`,
    mend: command(`${provider} --key-from-env ${variable}`, known.listed(provider)[0] ?? 'NAME'),
  };
}

/** What a server calls its models is its own word: only a plain one is put into a command. */
function command(provider: string, model: string): string {
  const plain = /^[\w.:/@-]+$/.test(model) && !model.startsWith('-') ? model : 'NAME';
  return `holdfast configure --provider ${provider} --model ${plain}`;
}

function troubleOf(thrown: unknown): Told {
  const { message, mend } = Problem.of(thrown);
  return { state: 'warning', detail: message.replace(/\.$/, ''), ...(mend === undefined ? {} : { mend }) };
}
