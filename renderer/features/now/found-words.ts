import type { FoundModels } from '../../../shared/contract/models.ts';

/** What a first visit finds for agents to think with. */
export function foundWords(found: FoundModels | null): string {
  const servers = (found?.servers ?? []).map(
    ({ provider, models }) => `${provider} answers on this machine with ${models[0] ?? 'no model yet'}`,
  );
  const keys = (found?.keys ?? []).map(({ variable }) => `${variable} is in the environment`);
  const words = [...servers, ...keys];
  if (words.length === 0) return 'One of a provider, whose key is kept here sealed, or one on this machine.';
  return `Found here: ${words.join('; ')}.`;
}
