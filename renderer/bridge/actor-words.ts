import type { Actor } from '../../shared/events/event.ts';

/** Ids that say nothing to people: whose token it was is in the inspector. */
const nameOf = ({ id }: Actor) => (id && !id.startsWith('tok_') ? id : undefined);

/** For a column: a name where there is one, otherwise the kind; both can be searched for. */
export const actorLabel = (actor: Actor): string => nameOf(actor) ?? actor.kind;

/** For the beginning of a sentence. */
export function actorWords(actor: Actor): string {
  if (actor.kind === 'operator') return 'You';
  if (actor.kind === 'system') return nameOf(actor) ?? 'Holdfast';
  return nameOf(actor) ?? (actor.kind === 'client' ? 'An outside program' : 'An agent');
}
