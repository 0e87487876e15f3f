import { z } from 'zod';
import { sessionKinds } from '../../shared/events/session-kinds.ts';
import { idSchema } from '../../shared/ids.ts';
import { collectedSchema } from '../../shared/session-work.ts';
import { outcomeSchema, reviewStateSchema, sandboxLayerSchema, type Session } from '../../shared/session.ts';
import type { Cell } from '../audit/projection.ts';

const states = ['preparing', 'running', 'reviewing', 'ended'] as const;

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema);

const flag = z.number().transform((number) => number !== 0);

const rowSchema = z.object({
  id: idSchema('session'),
  state: z.enum(states),
  requested: json(sessionKinds['session.requested'].data),
  layers: json(z.array(sandboxLayerSchema)),
  started: z.string(),
  ended: z.string().nullable(),
  outcome: json(outcomeSchema).nullable(),
  review: reviewStateSchema,
});

const workSchema = z.object({
  base: z.string().nullable(),
  collected: json(collectedSchema).nullable(),
  kept: flag,
  record: z.string().nullable(),
  sealed: flag,
});

type Cells = Readonly<Record<string, Cell>>;

/** A row as values; throws where another version wrote what this one does not understand. */
export function readSessionRow(
  cells: Cells,
  rights: readonly string[],
  workCells: (session: string) => Cells | undefined,
): Session {
  const { requested, ...row } = rowSchema.parse(cells);
  const { argv, sandbox, image, folders, hosts, terminal, limits } = requested;
  const wanted = { argv, sandbox, image, folders, hosts, terminal, limits };
  const work = requested.work ? { ...requested.work, ...workSchema.parse(workCells(row.id)) } : null;
  return { ...row, ...wanted, work, rights: [...rights], viewers: 0, progress: null };
}
