import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { ModelStandIn } from '../../../e2e/stand-in-models/stand-in.ts';
import { openRecord } from '../../audit/open-record.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import { silentLog } from '../../base/log.ts';
import { openVault } from '../../store/open-vault.ts';
import type { Vault } from '../../store/vault.ts';
import { Budgets } from '../budgets.ts';
import { KnownModels } from '../known-models.ts';
import { ModelCalls } from '../model-calls.ts';
import type { ModelCall, ModelPiece } from '../models.ts';
import { Providers } from '../providers.ts';
import { says } from './ask-wire.ts';

export const bundled = fileURLToPath(new URL('../../../resources/models/models.yaml', import.meta.url));
export const operator = { kind: 'operator' } as const;

const threads = {
  writer: new URL('../../writer.ts', import.meta.url),
  reader: new URL('../../reader.ts', import.meta.url),
};

export interface ModelHouse {
  readonly record: AuditRecord;
  readonly vault: Vault;
  readonly known: KnownModels;
  readonly providers: Providers;
  readonly budgets: Budgets;
  readonly models: ModelCalls;
  readonly folder: string;
  close(): Promise<void>;
}

/** Everything that models need, real, in a folder of its own; gone when the test is over. */
export async function modelHouse(
  options: { clock?: Clock; own?: string; folder?: string; random?: () => number } = {},
): Promise<ModelHouse> {
  const { clock = systemClock, own, random = () => 0 } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'holdfast-models-'));
  const ownFile = join(folder, 'models.yaml');
  if (own !== undefined) writeFileSync(ownFile, own);
  const vault = await openVault({ folder, clock });
  const record = await openRecord({ folder, vault, clock, log: silentLog(), version: 'test', threads });
  const known = await KnownModels.read({ bundled, own: ownFile });
  const providers = new Providers(record, vault, known);
  const budgets = new Budgets(record, clock);
  const models = new ModelCalls({
    record,
    known,
    providers,
    budgets,
    clock,
    random,
    fetch: globalThis.fetch,
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    models.close();
    return (closed ??= record.close());
  };
  onTestFinished(async () => {
    await close();
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  });
  return { record, vault, known, providers, budgets, models, folder, close };
}

/** The provider `stand-in`, or another name, at a stand-in. */
export async function pointAt(
  { providers, vault }: ModelHouse,
  server: ModelStandIn,
  wish: { provider?: string; wire?: 'messages' | 'chat'; key?: string | null } = {},
): Promise<void> {
  const { provider = 'stand-in', wire = 'chat', key = 'test-key' } = wish;
  const secret = `${provider}.key`;
  if (key !== null) await vault.set(secret, key);
  await providers.configure(
    {
      provider,
      wire,
      baseUrl: wire === 'messages' ? server.url : server.openai,
      secret: key === null ? null : secret,
    },
    operator,
  );
}

export function aCall(more: Partial<ModelCall> = {}): ModelCall {
  return {
    models: ['stand-in/one'],
    system: '',
    messages: [says('Hello')],
    tools: [],
    maxOutputTokens: 1000,
    agent: 'tester',
    session: newId('session', new Date()),
    ...more,
  };
}

export type End = Extract<ModelPiece, { kind: 'end' }>;

export async function callOf(
  { models }: Pick<ModelHouse, 'models'>,
  call: ModelCall,
  signal: AbortSignal = new AbortController().signal,
  heard: (piece: ModelPiece) => void = () => undefined,
): Promise<{ pieces: ModelPiece[]; end: End }> {
  const pieces: ModelPiece[] = [];
  for await (const piece of models.call(call, signal)) {
    pieces.push(piece);
    heard(piece);
  }
  const end = pieces.at(-1);
  if (end?.kind !== 'end') throw new Error('it had no end');
  return { pieces, end };
}

/** Kinds and data of what is on the record about models, in order. */
export async function told({ record }: Pick<ModelHouse, 'record'>) {
  const page = await record.query({
    filter: { kinds: ['model.requested', 'model.called', 'model.failed', 'model.fell_back'] },
    limit: 200,
  });
  return page.events.toSorted((a, b) => a.seq - b.seq);
}
