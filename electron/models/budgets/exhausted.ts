import { dollars } from '../../../shared/money-words.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Account } from './account.ts';

const count = (value: number) => value.toLocaleString('en');

export function exhausted(account: Account, need: { tokens: number; micros: number | null }): Problem {
  const { kind, of } = account.name;
  const whose = {
    run: `the run ${of}`,
    session: `the session ${of}`,
    agent: `the agent ${of}`,
    person: 'all agents together',
    day: 'this day',
  }[kind];
  const { limit, spent, reserved } = account;
  const left = account.left();
  const money = left.tokens === null || left.tokens >= need.tokens;
  const words = money
    ? `${dollars(spent.micros)} of ${dollars(limit.micros ?? 0)} are spent, ${dollars(reserved.micros)} set aside, and the next call may cost ${need.micros === null ? 'nobody knows what' : dollars(need.micros)}`
    : `${count(spent.tokens)} of ${count(limit.tokens ?? 0)} tokens are spent, ${count(reserved.tokens)} set aside, and the next call may need ${count(need.tokens)}`;
  return new Problem('budget_exhausted', `The budget of ${whose} is used up: ${words}.`, mendOf(account));
}

function mendOf({ name: { kind, of, until } }: Account): string {
  const raise = {
    run: `Raise it with \`holdfast budgets raise ${of} --tokens N --dollars X\``,
    session: `Raise it with \`holdfast budgets raise ${of} --tokens N --dollars X\``,
    agent: `Raise \`budget_config\` in the file of ${of}`,
    person: 'Raise the settings budget.personTokens and budget.personDollars',
    day: 'Raise the settings budget.dayTokens and budget.dayDollars',
  }[kind];
  return until === null
    ? `${raise}.`
    : `${raise}, or wait: it begins anew at ${new Date(until).toISOString()}.`;
}

export function beyondOneCall(what: string, limit: string): Problem {
  return new Problem(
    'budget_exhausted',
    `One call may not take more than ${limit}, and this one would need ${what}.`,
    'Raise the settings budget.callTokens and budget.callDollars, or make the question shorter.',
  );
}

export function priceless(model: string, whose: string): Problem {
  return new Problem(
    'budget_exhausted',
    `Nobody knows what ${model} costs, so the budget in dollars of ${whose} cannot be held.`,
    'Give its price in models.yaml in the configuration folder, or use a budget in tokens instead.',
  );
}
