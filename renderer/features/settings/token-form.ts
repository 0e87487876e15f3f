import type { z } from 'zod';
import { contract } from '../../../shared/contract/contract.ts';
import { tokenWishSchema } from '../../../shared/contract/house.ts';
import type { CallerKind, ProcedureMeta } from '../../../shared/contract/procedure.ts';

export type Lifetime = 'day' | 'month' | 'year' | 'ever';

export interface TokenForm {
  readonly name: string;
  readonly caller: 'client' | 'operator';
  readonly lifetime: Lifetime;
  readonly limited: boolean;
  readonly procedures: ReadonlySet<string>;
}

export const emptyTokenForm: TokenForm = {
  name: '',
  caller: 'client',
  lifetime: 'month',
  limited: false,
  procedures: new Set(),
};

export const lifetimes: readonly { value: Lifetime; label: string }[] = [
  { value: 'day', label: 'A day' },
  { value: 'month', label: '30 days' },
  { value: 'year', label: 'A year' },
  { value: 'ever', label: 'Until revoked' },
];

const days: Record<Lifetime, number | null> = { day: 1, month: 30, year: 365, ever: null };

interface Described {
  '~orpc': { meta: ProcedureMeta; route: { summary?: string } };
}

/** Everything the contract lets such a caller do, in the contract's own words. */
export function proceduresFor(caller: CallerKind): { name: string; summary: string }[] {
  return Object.entries(contract).flatMap(([room, procedures]) =>
    Object.entries<Described>(procedures)
      .filter(
        ([, { '~orpc': definition }]) => definition.meta.callers.includes(caller) && !definition.meta.open,
      )
      .map(([name, { '~orpc': definition }]) => ({
        name: `${room}.${name}`,
        summary: definition.route.summary ?? name,
      })),
  );
}

export interface ReadTokenForm {
  readonly wish: z.input<typeof tokenWishSchema> | null;
  readonly wrong: { readonly name?: string; readonly procedures?: string };
}

/** The form as the request it stands for, checked with the request's own schema. */
export function readTokenForm(form: TokenForm, now: Date): ReadTokenForm {
  const length = days[form.lifetime];
  const wish = {
    name: form.name.trim(),
    caller: form.caller,
    procedures: form.limited ? [...form.procedures] : null,
    expires: length === null ? null : new Date(now.getTime() + length * 86_400_000).toISOString(),
  };
  if (form.limited && form.procedures.size === 0)
    return { wish: null, wrong: { procedures: 'Choose at least one.' } };
  const parsed = tokenWishSchema.safeParse(wish);
  if (parsed.success) return { wish, wrong: {} };
  return { wish: null, wrong: { name: wish.name === '' ? 'Give it a name.' : 'At most 80 letters.' } };
}
