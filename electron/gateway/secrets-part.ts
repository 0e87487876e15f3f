import { Problem } from '../../shared/problem.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Vault } from '../store/vault.ts';
import { actorOf } from './caller.ts';
import { type Builder, callerOf } from './parts.ts';

export function secretsPart(
  { secrets: build }: Builder,
  { vault, record }: { vault: Vault; record: AuditRecord },
) {
  return {
    list: build.list.handler(() => ({
      kept: vault.kept,
      warning: vault.warning,
      secrets: [...vault.list()],
    })),
    set: build.set.handler(async ({ input, context }) => {
      // Kept before it is told, so that the record already knows what to replace.
      await vault.set(input.name, input.value);
      await record.append({
        kind: 'secret.stored',
        actor: actorOf(callerOf(context)),
        data: { name: input.name },
      });
      return { name: input.name };
    }),
    remove: build.remove.handler(async ({ input, context }) => {
      const removed = await vault.remove(input.name);
      if (!removed) {
        throw new Problem(
          'not_found',
          `There is no secret “${input.name}”.`,
          'List them with `holdfast secrets list`.',
        );
      }
      await record.append({
        kind: 'secret.removed',
        actor: actorOf(callerOf(context)),
        data: { name: input.name },
      });
      return { name: input.name };
    }),
  };
}
