import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import { type Later, later } from '../base/later.ts';
import type { Vault } from '../store/vault.ts';
import { Budgets } from './budgets.ts';
import { Embeddings } from './embeddings.ts';
import { findModels, type FindingParts, tryProvider } from './finding.ts';
import { KnownModels } from './known-models.ts';
import { ModelCalls } from './model-calls.ts';
import type { PassingDoor } from './passing-door.ts';
import { type Provider, Providers } from './providers.ts';

export interface ModelRoomNeeds {
  readonly record: AuditRecord;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: () => number;
  readonly fetch: typeof globalThis.fetch;
  /** The file of models that Holdfast brings, and the person's own that may lie over it. */
  readonly files: { readonly bundled: string; readonly own: string };
  /** Where keys may be lying that a person is offered. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What models need, built together. */
export class ModelRoom {
  readonly known: KnownModels;
  readonly providers: Providers;
  readonly budgets: Budgets;
  readonly models: ModelCalls;
  readonly embeddings: Embeddings;
  /** For programs that Holdfast did not write. */
  readonly door: Later<PassingDoor>;
  readonly needs: ModelRoomNeeds;

  constructor(needs: ModelRoomNeeds, known: KnownModels) {
    const { record, vault, clock } = needs;
    this.needs = needs;
    this.known = known;
    this.providers = new Providers(record, vault, known);
    this.budgets = new Budgets(record, clock);
    const parts = { ...needs, known, providers: this.providers, budgets: this.budgets };
    this.models = new ModelCalls(parts);
    this.embeddings = new Embeddings(parts);
    this.door = later(async () => {
      const [{ PassingDoor: Door }, { Passing }] = await Promise.all([
        import('./passing-door.ts'),
        import('./passing.ts'),
      ]);
      return new Door(new Passing({ ...parts, lanes: this.models.lanes }));
    });
  }

  /** Looks for keys and servers on this machine. */
  find() {
    return findModels(this.#finding());
  }

  /** Tests the connection to a provider. */
  try(provider: Provider) {
    return tryProvider(this.#finding(), provider);
  }

  static async open(needs: ModelRoomNeeds): Promise<ModelRoom> {
    return new ModelRoom(needs, await KnownModels.read(needs.files));
  }

  close(): void {
    this.models.close();
  }

  #finding(): FindingParts {
    return { ...this.needs, providers: this.providers, known: this.known };
  }
}
