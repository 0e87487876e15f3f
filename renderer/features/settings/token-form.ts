import type { z } from 'zod';
import { contract } from '../../../shared/contract/contract.ts';
import { tokenWishSchema } from '../../../shared/contract/house.ts';
import { passModels } from '../../../shared/contract/pass-models.ts';
import type { CallerKind, ProcedureMeta } from '../../../shared/contract/procedure.ts';

export type Lifetime = 'day' | 'month' | 'year' | 'ever';

export interface TokenForm {
  readonly name: string;
  /** `models`: a program that asks models by way of Holdfast, and does nothing else. */
  readonly caller: 'client' | 'operator' | 'models';
  readonly lifetime: Lifetime;
  readonly limited: boolean;
  readonly procedures: ReadonlySet<string>;
  /** Of one that asks models, as they were typed; empty: no bound. */
  readonly tokens: string;
  readonly dollars: string;
}

export const emptyTokenForm: TokenForm = {
  name: '',
  caller: 'client',
  lifetime: 'month',
  limited: false,
  procedures: new Set(),
  tokens: '',
  dollars: '',
};

export const lifetimes: readonly { value: Lifetime; label: string }[] = [
  { value: 'day', label: 'A day' },
  { value: 'month', label: '30 days' },
  { value: 'year', label: 'A year' },
  { value: 'ever', label: 'Until revoked' },
];

const days: Record<Lifetime, number | null> = { day: 1, month: 30, year: 365, ever: null };

/** When something of that lifetime ends; null: never. */
export function endOf(lifetime: Lifetime, now: Date): string | null {
  const length = days[lifetime];
  return length === null ? null : new Date(now.getTime() + length * 86_400_000).toISOString();
}

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
  readonly wrong: {
    readonly name?: string;
    readonly procedures?: string;
    readonly tokens?: string;
    readonly dollars?: string;
  };
}

/** The form as the request it stands for, checked with the request's own schema. */
export function readTokenForm(form: TokenForm, now: Date): ReadTokenForm {
  const asks = form.caller === 'models';
  const bounds = asks ? boundsOf(form) : { wrong: {}, budget: null };
  if (bounds.budget === undefined) return { wish: null, wrong: bounds.wrong };
  const wish = {
    name: form.name.trim(),
    caller: asks ? ('client' as const) : form.caller,
    procedures: asks ? [passModels] : form.limited ? [...form.procedures] : null,
    budget: bounds.budget,
    expires: endOf(form.lifetime, now),
  };
  if (!asks && form.limited && form.procedures.size === 0)
    return { wish: null, wrong: { procedures: 'Choose at least one.' } };
  const parsed = tokenWishSchema.safeParse(wish);
  if (parsed.success) return { wish, wrong: {} };
  return { wish: null, wrong: { name: wish.name === '' ? 'Give it a name.' : 'At most 80 letters.' } };
}

type Budget = NonNullable<z.input<typeof tokenWishSchema>['budget']>;

/** What it may spend in all; without a budget where a bound is none that can be read. */
function boundsOf({ tokens, dollars }: TokenForm): {
  budget?: Budget | null;
  wrong: ReadTokenForm['wrong'];
} {
  const count = tokens.trim() === '' ? null : Number(tokens);
  const micros = dollars.trim() === '' ? null : Math.round(Number(dollars) * 1_000_000);
  if (count !== null && !(Number.isSafeInteger(count) && count >= 1))
    return { wrong: { tokens: 'A whole number, such as 1000000.' } };
  if (micros !== null && !(Number.isSafeInteger(micros) && micros >= 1))
    return { wrong: { dollars: 'An amount, such as 2.50.' } };
  const isBound = count !== null || micros !== null;
  return { budget: isBound ? { tokens: count, micros, periodSeconds: 0 } : null, wrong: {} };
}
