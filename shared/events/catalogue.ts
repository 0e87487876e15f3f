import type { z } from 'zod';
import { actionKinds } from './action-kinds.ts';
import { agentKinds } from './agent-kinds.ts';
import { approvalKinds } from './approval-kinds.ts';
import { diskRecordKinds } from './disk-record-kinds.ts';
import type { Actor, RecordedEvent, Scope } from './event.ts';
import { houseKinds } from './house-kinds.ts';
import type { EventKindDefinition, Tone } from './kind.ts';
import { imageKinds } from './image-kinds.ts';
import { keepingKinds } from './keeping-kinds.ts';
import { mcpKinds } from './mcp-kinds.ts';
import { modelKinds } from './model-kinds.ts';
import { objectiveKinds } from './objective-kinds.ts';
import { planKinds } from './plan-kinds.ts';
import { recordKinds } from './record-kinds.ts';
import { sessionKinds } from './session-kinds.ts';
import { toolServerKinds } from './tool-server-kinds.ts';
import { workKinds } from './work-kinds.ts';

/** Every kind of event there is. What is not here cannot be written, and is shown as unknown when read. */
export const catalogue = {
  ...recordKinds,
  ...houseKinds,
  ...agentKinds,
  ...actionKinds,
  ...approvalKinds,
  ...sessionKinds,
  ...modelKinds,
  ...mcpKinds,
  ...keepingKinds,
  ...toolServerKinds,
  ...planKinds,
  ...objectiveKinds,
  ...workKinds,
  ...imageKinds,
  ...diskRecordKinds,
} as const;

export type EventKind = keyof typeof catalogue;
export type EventData<K extends EventKind> = z.input<(typeof catalogue)[K]['data']>;

export const eventKinds = Object.keys(catalogue).toSorted() as EventKind[];

export function isEventKind(kind: string): kind is EventKind {
  return Object.hasOwn(catalogue, kind);
}

export function kindDefinition(kind: string): EventKindDefinition | undefined {
  return isEventKind(kind) ? catalogue[kind] : undefined;
}

/** An event before it is written. */
export type Draft = {
  [K in EventKind]: {
    kind: K;
    data: EventData<K>;
    actor: Actor;
    scope?: Scope;
    parent?: RecordedEvent['id'];
    blobs?: readonly BlobDraft[];
  };
}[EventKind];

export interface BlobDraft {
  name: string;
  type: string;
  content: Uint8Array;
}

/** What happened, in words that follow the actor's name. */
export function sentenceOf(event: Pick<RecordedEvent, 'kind' | 'data' | 'payload'>): string {
  const definition = kindDefinition(event.kind);
  if (!definition) return 'did something this version of Holdfast does not know';
  if (event.payload === 'erased') return 'did something whose details were erased';
  const data = definition.data.safeParse(event.data);
  return data.success
    ? definition.sentence(data.data)
    : 'did something written by another version of Holdfast';
}

export function toneOf(kind: string): Tone {
  return kindDefinition(kind)?.tone ?? 'quiet';
}
