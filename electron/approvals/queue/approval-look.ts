import { z } from 'zod';
import {
  type Approval,
  approvalSchema,
  approvalStateSchema,
  settledSchema,
} from '../../../shared/approval.ts';
import { idSchema } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Cell } from '../../audit/projection.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Log } from '../../base/log.ts';
import { approvalsFrom, approvalsOfCall, newestApprovals, waitingApprovals } from '../approval-rows.ts';
import { type Question, questionSchema } from './question.ts';

const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(schema);

const shownSchema = approvalSchema.pick({
  tool: true,
  title: true,
  line: true,
  whole: true,
  where: true,
  folder: true,
  why: true,
});
const rowSchema = z.object({
  id: idSchema('approval'),
  seq: z.int(),
  kind: z.enum(['call', 'question']),
  state: approvalStateSchema,
  session: idSchema('session'),
  call: idSchema('call'),
  agent: z.string(),
  asked: z.string(),
  expires: z.string().nullable(),
  binding: z.string(),
  shown: json(shownSchema),
  settled: json(settledSchema).nullable(),
  settled_seq: z.int().nullable(),
  settled_binding: z.string().nullable(),
  reply: z.string().nullable(),
});

/** One question with what only the house needs of it. */
export interface KnownApproval {
  readonly approval: Approval;
  readonly seq: number;
  readonly binding: string;
  readonly settledSeq: number | null;
  /** What was allowed, where a person changed it. */
  readonly settledBinding: string | null;
  readonly reply: string | null;
}

/** Approvals as the record has them. */
export class ApprovalLook {
  readonly #record: Pick<AuditRecord, 'rows' | 'blob'>;
  readonly #log: Log;

  constructor(record: Pick<AuditRecord, 'rows' | 'blob'>, log: Log) {
    this.#record = record;
    this.#log = log;
  }

  /** In the order in which they were asked. */
  waiting(): KnownApproval[] {
    return this.#read(this.#record.rows(waitingApprovals));
  }

  newest(most: number): KnownApproval[] {
    return this.#read(this.#record.rows(newestApprovals, most));
  }

  /** What was asked last about this call. */
  ofCall(call: string): KnownApproval | undefined {
    return this.#read(this.#record.rows(approvalsOfCall, call))[0];
  }

  /** By id or a unique beginning of it. */
  named(beginning: string): KnownApproval {
    const found = /^[a-z0-9_]+$/.test(beginning)
      ? this.#read(this.#record.rows(approvalsFrom, beginning, `${beginning}~`))
      : [];
    const [known] = found;
    if (known && (found.length === 1 || known.approval.id === beginning)) return known;
    throw known
      ? new Problem('conflict', `Several approvals begin with “${beginning}”.`, 'Give more of the id.')
      : new Problem(
          'not_found',
          `There is no approval “${beginning}”.`,
          'List what waits with `holdfast approvals`.',
        );
  }

  /** The question whole; null where it was erased or pruned. */
  async question({ seq }: KnownApproval): Promise<Question | null> {
    const value = await this.#blob(seq);
    const read = questionSchema.safeParse(value);
    return read.success ? read.data : null;
  }

  /** The arguments that a person allowed instead. */
  async edited({ settledSeq, approval }: KnownApproval): Promise<Record<string, unknown> | null> {
    if (settledSeq === null || approval.settled?.edited !== true) return null;
    const read = z.record(z.string(), z.json()).safeParse(await this.#blob(settledSeq));
    return read.success ? read.data : null;
  }

  async #blob(seq: number): Promise<unknown> {
    try {
      const pieces: Uint8Array[] = [];
      for (let offset: number | null = 0; offset !== null;) {
        const piece = await this.#record.blob(seq, 0, offset);
        pieces.push(piece.content);
        offset = piece.next;
      }
      return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown;
    } catch (failure) {
      this.#log.warn({ err: failure, seq }, 'what was asked cannot be read any more');
      return null;
    }
  }

  #read(rows: readonly Record<string, Cell>[]): KnownApproval[] {
    return rows.flatMap((cells) => {
      const row = rowSchema.safeParse(cells);
      if (row.success) return [readKnown(row.data)];
      this.#log.warn({ approval: cells['id'] }, 'an approval of another version is not understood');
      return [];
    });
  }
}

function readKnown({ seq, binding, shown, reply, ...row }: z.output<typeof rowSchema>): KnownApproval {
  const { settled_seq: settledSeq, settled_binding: settledBinding, ...told } = row;
  return { approval: { ...told, ...shown }, seq, binding, settledSeq, settledBinding, reply };
}
