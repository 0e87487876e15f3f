import type { Id } from '../../shared/ids.ts';
import { dollars } from '../../shared/money-words.ts';
import type { Settings } from '../../shared/settings.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import { Account, type AccountName, type Spent } from './budgets/account.ts';
import { affordable, worstCost } from './budgets/cost.ts';
import { beyondOneCall, exhausted, priceless } from './budgets/exhausted.ts';
import { period, today } from './budgets/periods.ts';
import { spentOn } from './budgets/spent-on.ts';
import type { Price } from './known/known-schema.ts';
import type { AgentLimit, CallBudgets, SpendLimit } from './models.ts';

export type { Account } from './budgets/account.ts';

/** What a call is to be allowed. */
export interface Wish {
  readonly model: string;
  readonly agent: string;
  /** Null where a person asks for an agent. */
  readonly session: Id<'session'> | null;
  readonly budgets: CallBudgets | undefined;
  readonly input: number;
  readonly output: number;
  readonly price: Price | null;
}

/** What was set aside for one call. */
export interface Reservation {
  readonly tokens: number;
  /** Null where nobody knows the price. */
  readonly micros: number | null;
  /** How long the answer may be: less than was wished for where no more is left. */
  readonly output: number;
  /** Sessions beside its own whose budgets it counts for. */
  readonly charged: readonly Id<'session'>[];
  /** Agents beside its own whose budgets it counts for. */
  readonly agents: readonly string[];
  /** Once; a second time does nothing. */
  settle(spent: { tokens: number; micros: number | null }): void;
}

const unbounded: SpendLimit = { tokens: null, micros: null };

/** An answer shorter than this is not worth its question. */
const shortest = 256;

/** Accounts without a running call are derived again when they are needed: no more than these stay. */
const mostKept = 2_000;

/**
 * What may still be spent. Set aside before a call, in one step without waiting, so that calls at the same time
 * never promise the same money twice; settled after it. What was spent in earlier lives is derived from the record,
 * where a request without an end counts as what was set aside for it.
 */
export class Budgets {
  readonly #record: Pick<AuditRecord, 'rows' | 'settings'>;
  readonly #clock: Clock;
  readonly #accounts = new Map<string, Account>();
  readonly #listeners = new Set<() => void>();

  constructor(record: Pick<AuditRecord, 'rows' | 'settings'>, clock: Clock) {
    this.#record = record;
    this.#clock = clock;
  }

  /** Throws `budget_exhausted` where a budget does not hold the call. */
  reserve(wish: Wish): Reservation {
    const accounts = this.#accountsFor(wish);
    const output = this.#fittingOutput(wish, accounts);
    const tokens = wish.input + output;
    const micros = worstCost(wish.input, output, wish.price);
    const held = { tokens, micros: micros ?? 0 };
    for (const account of accounts) account.hold(held);
    this.#changed();
    let open = true;
    return {
      tokens,
      micros,
      output,
      charged: (wish.budgets?.sessions ?? []).flatMap(({ session }) =>
        session === wish.session ? [] : [session],
      ),
      agents: [...new Set((wish.budgets?.agents ?? []).map(({ agent }) => agent))].filter(
        (agent) => agent !== wish.agent,
      ),
      settle: (spent) => {
        if (!open) return;
        open = false;
        for (const account of accounts) account.settle(held, spent);
        this.#changed();
      },
    };
  }

  /** What is known of accounts now: those of the whole house first. */
  accounts(): readonly Account[] {
    const house = this.#houseAccounts();
    return [...house, ...[...this.#accounts.values()].filter((account) => !house.includes(account))].filter(
      ({ name }) => name.until === null || name.until > this.#clock.now().getTime(),
    );
  }

  /** A session's, whether it has spent anything in this life or not. */
  sessionSpent(session: string): Spent {
    return this.#account({ kind: 'session', of: session, since: 0, until: null }).spent;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #accountsFor({ agent, session, budgets }: Wish): Account[] {
    const sessions = new Map<string, SpendLimit>(
      budgets?.sessions?.map((limit) => [limit.session, limit]) ?? [],
    );
    if (session !== null && !sessions.has(session)) sessions.set(session, unbounded);
    const run = budgets?.run;
    return [
      ...(run ? [this.#account({ kind: 'run', of: run.run, since: 0, until: null }, run)] : []),
      ...[...sessions].map(([of, limit]) =>
        this.#account({ kind: 'session', of, since: 0, until: null }, limit),
      ),
      ...this.#agentAccounts([{ agent, limit: budgets?.agent ?? null }, ...(budgets?.agents ?? [])]),
      ...this.#houseAccounts(),
    ];
  }

  /** Each account once, however often an agent stands in the line: the lower bound holds. */
  #agentAccounts(line: readonly { agent: string; limit: AgentLimit | null }[]): Account[] {
    const now = this.#clock.now();
    const limits = new Map<string, { name: AccountName; limit: SpendLimit }>();
    for (const { agent, limit } of line) {
      const name = { kind: 'agent', of: agent, ...period(now, limit?.periodSeconds ?? 0) } as const;
      const key = keyOf(name);
      limits.set(key, { name, limit: lower(limits.get(key)?.limit ?? unbounded, limit ?? unbounded) });
    }
    return [...limits.values()].map(({ name, limit }) => this.#account(name, limit));
  }

  #houseAccounts(): Account[] {
    const now = this.#clock.now();
    const settings = this.#record.settings();
    const days = settings['budget.personDays'];
    return [
      this.#account(
        { kind: 'day', of: '', ...today(now) },
        limitOf(settings['budget.dayTokens'], settings['budget.dayDollars']),
      ),
      this.#account(
        { kind: 'person', of: '', ...period(now, (days ?? 0) * 86_400) },
        limitOf(settings['budget.personTokens'], settings['budget.personDollars']),
      ),
    ];
  }

  #account(name: AccountName, limit?: SpendLimit): Account {
    const key = keyOf(name);
    let account = this.#accounts.get(key);
    if (account) this.#accounts.delete(key);
    else account = new Account(name, spentOn(this.#record, name), limit ?? unbounded);
    // The newest used is the last: the first ones go when there are too many.
    this.#accounts.set(key, account);
    if (limit) account.limit = limit;
    if (this.#accounts.size > mostKept) this.#forgetSome();
    return account;
  }

  #forgetSome(): void {
    for (const [key, account] of this.#accounts) {
      if (this.#accounts.size <= mostKept / 2) return;
      if (!account.busy) this.#accounts.delete(key);
    }
  }

  /** How long the answer may be, so that no account is overdrawn whatever comes. */
  #fittingOutput(wish: Wish, accounts: readonly Account[]): number {
    const { input, price, model } = wish;
    const least = Math.min(wish.output, shortest);
    const need = { tokens: input + least, micros: worstCost(input, least, price) };
    let output = oneCall(wish, this.#record.settings(), need, least);
    for (const account of accounts) {
      const left = account.left();
      if (left.micros !== null && price === null) throw priceless(model, ownerOf(account));
      const fits = Math.min(
        left.tokens === null ? output : left.tokens - input,
        left.micros === null || price === null ? output : affordable(left.micros, input, price),
      );
      if (fits < least) throw exhausted(account, need);
      output = Math.min(output, fits);
    }
    return output;
  }
}

function oneCall(
  wish: Wish,
  settings: Settings,
  need: { tokens: number; micros: number | null },
  least: number,
): number {
  const limit = limitOf(settings['budget.callTokens'], settings['budget.callDollars']);
  if (limit.micros !== null && wish.price === null) throw priceless(wish.model, 'one call');
  const fits = Math.min(
    limit.tokens === null ? wish.output : limit.tokens - wish.input,
    limit.micros === null || wish.price === null
      ? wish.output
      : affordable(limit.micros, wish.input, wish.price),
  );
  if (fits >= least) return Math.min(wish.output, fits);
  throw limit.tokens !== null && limit.tokens < need.tokens
    ? beyondOneCall(
        `${need.tokens.toLocaleString('en')} tokens`,
        `${limit.tokens.toLocaleString('en')} tokens`,
      )
    : beyondOneCall(dollars(need.micros ?? 0), dollars(limit.micros ?? 0));
}

const keyOf = ({ kind, of, since, until }: AccountName) => `${kind} ${of} ${since} ${until ?? ''}`;

/** Null is no bound. */
const smaller = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

const lower = (one: SpendLimit, other: SpendLimit): SpendLimit => ({
  tokens: smaller(one.tokens, other.tokens),
  micros: smaller(one.micros, other.micros),
});

const ownerOf = ({ name }: Account) => (name.of === '' ? `the ${name.kind}` : `the ${name.kind} ${name.of}`);

function limitOf(tokens: number | null, money: number | null): SpendLimit {
  return { tokens, micros: money === null ? null : Math.floor(money * 1e6) };
}
