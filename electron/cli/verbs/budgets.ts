import type { Command } from 'commander';
import type { BudgetAccount, BudgetState } from '../../../shared/contract/budgets.ts';
import { problemOf } from '../../../shared/contract/problems.ts';
import { dollars, spentMoney } from '../../../shared/money-words.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Run } from '../../../shared/run.ts';
import { aligned, harmless, moment } from '../output.ts';
import type { Client } from '../client.ts';
import { type Common, openSession, verb } from '../session.ts';
import { readCount, readDollars, readSeconds } from '../values.ts';

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

  verb(
    budgets,
    'raise <id>',
    'Say what a session or a run may spend in all; a session that stopped for it goes on, and parts of a run that were refused for it begin again',
    'holdfast budgets raise ses_01j5 --tokens 500000 --dollars 5',
  )
    .option('--tokens <count>', 'sent and received')
    .option('--dollars <amount>', 'such as 2.50')
    .option('--time <time>', 'of a run, from its start to its end: 90s, 10m, 2h')
    .action(async (id: string, options: Common & Wanted) => {
      const { client, out } = openSession(options);
      const wanted = readWanted(options);
      if (id.startsWith('run_')) {
        const run = await client.runs.raise({ run: id, ...wanted });
        out.result(run, () => [runWords(run)]);
        return;
      }
      const { seconds, ...bounds } = wanted;
      if (seconds !== undefined) {
        throw new Problem(
          'invalid_input',
          'A session has no bound in time.',
          'Leave --time out, or name a run.',
        );
      }
      const work = await commandAgentsAt(client, id);
      if (work) {
        const session = await client.work.raise({ session: id, ...bounds });
        out.result(session, () => [`${session.id} has its new budget: what it asks next counts against it.`]);
        return;
      }
      const raised = await client.budgets.raise({ session: id, ...bounds });
      const goesOn = raised.activity === 'out_of_budget';
      const now = goesOn ? await client.agentSessions.resume({ session: id }) : raised;
      out.result(now, () => [
        goesOn ? `${now.id} has its new budget, and goes on.` : `${now.id} has its new budget.`,
      ]);
    });
}

/** Whether it is a session of a command agent. */
async function commandAgentsAt(client: Client, session: string): Promise<boolean> {
  try {
    return (await client.sessions.get({ session })).work !== null;
  } catch (thrown) {
    if (problemOf(thrown).code === 'not_found') return false;
    throw thrown;
  }
}

interface Wanted {
  readonly tokens?: string;
  readonly dollars?: string;
  readonly time?: string;
}

function readWanted({ tokens, dollars: amount, time }: Wanted) {
  const wanted = {
    ...(tokens === undefined ? {} : { tokens: readCount('--tokens', tokens, 1, 1e12) }),
    ...(amount === undefined ? {} : { micros: readDollars(amount) }),
    ...(time === undefined ? {} : { seconds: readSeconds('--time', time) }),
  };
  if (Object.keys(wanted).length > 0) return wanted;
  throw new Problem('invalid_input', 'What is it to be?', 'Give --tokens, --dollars or, for a run, --time.');
}

const runWords = ({ id, state }: Run) =>
  state === 'finished'
    ? `${id} is over. Try again what failed, with its new budget: holdfast retry ${id}`
    : `${id} has its new budget.`;

const budgetLines = ({ accounts }: BudgetState) => aligned(accounts.map(accountCells));

function accountCells({ kind, of, tokens, micros, unpriced, until }: BudgetAccount): string[] {
  const bounds = [
    `${tokens.spent.toLocaleString('en')}${tokens.limit === null ? '' : ` of ${tokens.limit.toLocaleString('en')}`} tokens`,
    `${spentMoney(micros.spent, unpriced)}${micros.limit === null ? '' : ` of ${dollars(micros.limit)}`}`,
    tokens.reserved === 0 ? '' : `${tokens.reserved.toLocaleString('en')} set aside`,
    until === null ? '' : `until ${moment(until)}`,
  ];
  return [`${kind}${of === '' ? '' : ` ${harmless(of)}`}`, ...bounds];
}
