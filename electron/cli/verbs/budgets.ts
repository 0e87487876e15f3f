import type { Command } from 'commander';
import type { BudgetAccount, BudgetState } from '../../../shared/contract/budgets.ts';
import { aligned, harmless, moment } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

export function addBudgetVerbs(program: Command): void {
  const budgets = program
    .command('budgets')
    .helpCommand(false)
    .summary('See and raise what may be spent on models')
    .description('See and raise what may be spent on models.');

  verb(budgets, 'list', 'Say what was spent, and what may be', 'holdfast budgets list')
    .option('-f, --follow', 'again whenever it changes')
    .action(async (options: Common & { follow?: true }) => {
      const { client, out } = openSession(options);
      if (options.follow) {
        for await (const state of await client.budgets.watch())
          await out.item(state, () => `${budgetLines(state).join('\n')}\n`);
        return;
      }
      const state = await client.budgets.get();
      out.result(state, () => budgetLines(state));
    });
}

const budgetLines = ({ accounts }: BudgetState) => aligned(accounts.map(accountCells));

function accountCells({ kind, of, tokens, micros, until }: BudgetAccount): string[] {
  const bounds = [
    `${tokens.spent.toLocaleString('en')}${tokens.limit === null ? '' : ` of ${tokens.limit.toLocaleString('en')}`} tokens`,
    `${dollars(micros.spent)}${micros.limit === null ? '' : ` of ${dollars(micros.limit)}`}`,
    tokens.reserved === 0 ? '' : `${tokens.reserved.toLocaleString('en')} set aside`,
    until === null ? '' : `until ${moment(until)}`,
  ];
  return [`${kind}${of === '' ? '' : ` ${harmless(of)}`}`, ...bounds];
}

const dollars = (micros: number) => `$${(micros / 1e6).toFixed(4)}`;
