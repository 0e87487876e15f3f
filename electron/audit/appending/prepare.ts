import type { BlobDraft, Draft } from '../../../shared/events/catalogue.ts';
import { kindDefinition } from '../../../shared/events/catalogue.ts';
import {
  type Actor,
  actorSchema,
  blobStampSchema,
  type RecordedEvent,
  type Scope,
  scopeSchema,
} from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import { newId, newSalt } from '../../base/ids.ts';
import { cleaned, textsIn } from './clean.ts';
import type { Redactor } from './redact.ts';

/** What one event may carry. Larger things belong in blobs, larger blobs are the caller's to cut. */
export const limits = { data: 256 * 1024, blob: 16 * 1024 * 1024, blobs: 64, search: 16 * 1024 };

/** An event ready for the writer: checked, free of secrets, its data as canonical bytes. */
export interface Prepared {
  id: RecordedEvent['id'];
  time: string;
  kind: string;
  actor: Actor;
  scope: Scope | undefined;
  parent: RecordedEvent['id'] | undefined;
  data: string;
  salt: string;
  words: string;
  blobs: { name: string; type: string; content: Uint8Array; salt: string }[];
}

const optionalScope = scopeSchema.optional();

function checked(draft: Draft): { actor: Actor; scope: Scope | undefined; data: unknown } {
  const definition = kindDefinition(draft.kind);
  if (!definition)
    throw new Problem('invalid_input', `There is no event kind “${(draft as { kind: string }).kind}”.`);
  const data = definition.data.safeParse(draft.data);
  const actor = actorSchema.safeParse(draft.actor);
  const scope = optionalScope.safeParse(draft.scope);
  for (const part of [data, actor, scope]) {
    const issue = part.error?.issues[0];
    if (issue) {
      const where = issue.path.length > 0 ? ` (${issue.path.join('.')})` : '';
      throw new Problem('invalid_input', `A ${draft.kind} event was refused${where}: ${issue.message}.`);
    }
  }
  return { actor: actor.data!, scope: scope.data, data: data.data };
}

/** What a header says in words of its writer: free of secrets, and no longer than a header may have it. */
const said = (text: string, redactor: Redactor, most: number): string =>
  redactor.text(text.toWellFormed()).slice(0, most).toWellFormed();

/** A header's own words (a kind of actor, ids) are never replaced: no secret may make it another header. */
function cleanedActor({ kind, id }: Actor, redactor: Redactor): Actor {
  return id === undefined ? { kind } : { kind, id: said(id, redactor, 200) };
}

function cleanedScope(scope: Scope, redactor: Redactor): Scope {
  return scope.agent === undefined ? scope : { ...scope, agent: said(scope.agent, redactor, 200) };
}

const label = blobStampSchema.pick({ name: true, type: true });

function preparedBlobs(blobs: readonly BlobDraft[], redactor: Redactor): Prepared['blobs'] {
  if (blobs.length > limits.blobs)
    throw new Problem('too_large', `An event carries at most ${limits.blobs} blobs.`);
  return blobs.map(({ name, type, content }) => {
    if (!label.safeParse({ name, type }).success)
      throw new Problem(
        'invalid_input',
        `The blob “${name.slice(0, 200)}” was refused: a name has 1 to 200 letters, a media type 1 to 100.`,
      );
    if (content.byteLength > limits.blob) {
      throw new Problem(
        'too_large',
        `The blob “${name}” has ${content.byteLength} bytes; ${limits.blob} is the most.`,
      );
    }
    return {
      name: said(name, redactor, 200),
      type: said(type, redactor, 100),
      content: redactor.bytes(content),
      salt: newSalt(),
    };
  });
}

/** Checks a draft and makes it ready, or throws the Problem that says what is wrong with it. */
export function prepare(draft: Draft, now: Date, redactor: Redactor): { prepared: Prepared; value: unknown } {
  try {
    return made(draft, now, redactor);
  } catch (thrown) {
    // What is nested without end is all that exhausts the stack here.
    if (thrown instanceof RangeError) {
      throw new Problem('too_large', `A ${draft.kind} event’s data are nested too deeply.`);
    }
    throw thrown;
  }
}

function made(draft: Draft, now: Date, redactor: Redactor): { prepared: Prepared; value: unknown } {
  const { actor, scope, data } = checked(draft);
  const { value, text, words } = cleaned(data, redactor.text);
  if (text.length > limits.data) {
    throw new Problem(
      'too_large',
      `A ${draft.kind} event’s data has ${text.length} letters; ${limits.data} is the most.`,
    );
  }
  const prepared: Prepared = {
    id: newId('event', now),
    time: now.toISOString(),
    kind: draft.kind,
    actor: cleanedActor(actor, redactor),
    scope: scope && Object.keys(scope).length > 0 ? cleanedScope(scope, redactor) : undefined,
    parent: draft.parent,
    data: text,
    salt: newSalt(),
    words: '',
    blobs: preparedBlobs(draft.blobs ?? [], redactor),
  };
  // Long texts are cut, so their order counts, and a rebuild knows only the canonical one.
  const texts = text.length > limits.search / 2 ? textsIn(JSON.parse(text)) : words;
  prepared.words = wordsOf(draft.kind, value, prepared, texts);
  return { prepared, value };
}

/**
 * What full-text search finds an event by: its sentence, its actor and scope, its texts. The data have been
 * checked; a second check would double the cost of an append.
 */
export function wordsOf(
  kind: string,
  data: unknown,
  { actor, scope }: { actor: Actor; scope?: Scope | undefined },
  texts: readonly string[] = textsIn(data),
): string {
  const sentence = kindDefinition(kind)?.sentence(data) ?? '';
  const belongs = scope ? Object.values(scope).join(' ') : '';
  return `${sentence} ${actor.kind} ${actor.id ?? ''} ${belongs} ${texts.join(' ')}`.slice(0, limits.search);
}
