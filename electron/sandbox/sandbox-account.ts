import type { ExecutorNeeds } from './executor-needs.ts';
import { accountFor } from './namespace/account.ts';

/** Whose what sandboxes write is to be; null: this process's own account's, as everything it makes. */
export async function sandboxAccount({
  environment,
  uid,
}: Pick<ExecutorNeeds, 'environment' | 'uid'>): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  return accountFor({ uid: 0, gid: 0, chosen: uid(), environment });
}
