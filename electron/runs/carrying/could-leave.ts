import { covers } from '../../capabilities/covering.ts';
import type { CheckedPart } from '../../planning/checked-plan.ts';

/** Whether a file may be what a part left: what it could not write is nobody’s result, whatever lies there. */
export function couldLeave({ rights }: Pick<CheckedPart, 'rights'>, path: string): boolean {
  const written = { kind: 'file_write', path } as const;
  return rights.some((right) => right.kind === 'file_write' && covers(right, written));
}
