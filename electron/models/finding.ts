import type { Clock } from '../base/clock.ts';
import type { Problem } from '../../shared/problem.ts';
import { problemOf } from './calling/failure-problem.ts';
import { listModels } from './finding/list-models.ts';
import { somebodyListens } from './finding/somebody-listens.ts';
import type { KnownModels } from './known-models.ts';
import type { Provider, Providers } from './providers.ts';
import { ModelFailure } from './wires/model-failure.ts';

export interface FoundKey {
  readonly provider: string;
  /** Where it lies: in this variable of the environment. */
  readonly variable: string;
  /** Whether there is a key in the vault already. */
  readonly stored: boolean;
}

export interface FoundServer {
  readonly provider: string;
  readonly baseUrl: string;
  readonly models: readonly string[];
}

export interface FindingParts {
  readonly providers: Providers;
  readonly known: KnownModels;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A server of this machine answers at once or is not there. */
const withinHere = 2_000;
const withinElsewhere = 15_000;

/** What this machine has for models: keys in the environment, servers. Told, and never taken without being asked to. */
export async function findModels(parts: FindingParts): Promise<{ keys: FoundKey[]; servers: FoundServer[] }> {
  const { providers, environment } = parts;
  const list = providers.list();
  const keys = list.flatMap(({ name, known, keyed }): FoundKey[] => {
    const variable = known?.variable;
    if (variable === undefined || !environment[variable]) return [];
    return [{ provider: name, variable, stored: keyed }];
  });
  const asked = list.filter(({ local }) => local).map((provider) => serverAt(parts, provider));
  const servers = (await Promise.all(asked)).filter((found) => found !== null);
  return { keys, servers };
}

async function serverAt(parts: FindingParts, provider: Provider): Promise<FoundServer | null> {
  // Asked first, since a fetch alone costs a house at rest several megabytes.
  if (!(await somebodyListens(provider.baseUrl, parts.clock, withinHere))) return null;
  try {
    const models = await modelsAt(parts, provider, withinHere);
    return { provider: provider.name, baseUrl: provider.baseUrl, models };
  } catch {
    return null;
  }
}

/** Asks a provider for its models, with its key: whether that works is the test of the connection. */
export async function tryProvider(
  parts: FindingParts,
  provider: Provider,
): Promise<{ models: readonly string[]; problem: Problem | null }> {
  try {
    return { models: await modelsAt(parts, provider, withinElsewhere), problem: null };
  } catch (thrown) {
    if (!(thrown instanceof ModelFailure)) throw thrown;
    const problem = problemOf(thrown, { provider, model: '', listed: [], attempts: 1 });
    return { models: [], problem };
  }
}

function modelsAt(parts: FindingParts, provider: Provider, within: number): Promise<string[]> {
  const { endpoint } = parts.providers.target(`${provider.name}/`);
  const { wire, known } = provider;
  const form = known?.listing ?? 'openai';
  return listModels(endpoint, { wire, form, check: known?.check ?? null }, { ...parts, within });
}
