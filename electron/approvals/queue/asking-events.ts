import type { BlobDraft, Draft } from '../../../shared/events/catalogue.ts';
import type { Id } from '../../../shared/ids.ts';
import type { Asked } from './question.ts';

export interface AskingFacts {
  readonly approval: Id<'approval'>;
  readonly session: Id<'session'>;
  readonly agent: string;
  readonly call: Id<'call'>;
  readonly tool: string;
  readonly title: string;
  readonly folder: string | null;
  readonly why: string;
  readonly expires: string | null;
  readonly binding: string;
}

export function jsonBlob(name: string, value: unknown): BlobDraft {
  return { name, type: 'application/json', content: Buffer.from(JSON.stringify(value)) };
}

/** The event of a question; its blob is all of it. */
export function askedEvent(kind: 'call' | 'question', facts: AskingFacts, asked: Asked): Draft {
  const { approval, session, agent, call, tool, title, folder, why, expires, binding } = facts;
  return {
    kind: 'approval.asked',
    actor: { kind: 'agent', id: agent },
    scope: { session, agent },
    data: {
      approval,
      description: asked.description,
      kind,
      call,
      tool,
      title,
      whole: asked.whole,
      where: asked.where,
      folder,
      why: why.slice(0, 2000),
      expires,
      binding,
    },
    blobs: [jsonBlob('question.json', asked.question)],
  };
}
