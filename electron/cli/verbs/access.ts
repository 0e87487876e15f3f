import type { Command } from 'commander';
import type { Token } from '../../../shared/contract/house.ts';
import { passModels } from '../../../shared/contract/pass-models.ts';
import { Problem } from '../../../shared/problem.ts';
import { aligned, harmless, moment } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readCount, readDollars, readEnd, readSeconds } from '../values.ts';

interface CreateOptions extends Common {
  operator?: true;
  procedure?: string[];
  models?: true;
  tokens?: string;
  dollars?: string;
  each?: string;
  expires?: string;
}

function stateOf(token: Token, now: Date): string {
  if (token.revoked !== null) return `revoked ${moment(token.revoked)}`;
  if (token.expires === null) return 'in force';
  return Date.parse(token.expires) <= now.getTime()
    ? `ran out ${moment(token.expires)}`
    : `until ${moment(token.expires)}`;
}

function proceduresOf({ models, procedure }: CreateOptions): string[] | null {
  if (!models) return procedure ?? null;
  return [...new Set([...(procedure ?? []), passModels])];
}

function budgetOf({ models, tokens, dollars, each }: CreateOptions) {
  if (tokens === undefined && dollars === undefined && each === undefined) return null;
  if (!models || (tokens === undefined && dollars === undefined)) {
    throw new Problem(
      'invalid_input',
      'A bound is for a token that may ask models.',
      'Give --models, and --tokens or --dollars.',
    );
  }
  return {
    tokens: tokens === undefined ? null : readCount('--tokens', tokens, 1, 1e12),
    micros: dollars === undefined ? null : readDollars(dollars),
    periodSeconds: each === undefined ? 0 : readSeconds('--each', each),
  };
}

export function addAccessVerbs(program: Command): void {
  const token = program
    .command('token')
    .helpCommand(false)
    .summary('Let programs in')
    .description('Let programs in, and shut them out again.');

  verb(
    token,
    'create <name>',
    'Make a token; its value is told once',
    'holdfast token create dashboard --procedure record.query --procedure record.follow --expires 30d',
  )
    .option(
      '--operator',
      'may do whatever you may, also have commands run (default: read the whole record, change nothing)',
    )
    .option('--procedure <name>', 'only this procedure, such as record.query; may be repeated', collect)
    .option(
      '--models',
      'may ask models by way of Holdfast, below /models on its port; nothing else but what --procedure names',
    )
    .option('--tokens <count>', 'with --models: so many tokens, sent and received')
    .option('--dollars <amount>', 'with --models: so much money, such as 2.50')
    .option(
      '--each <time>',
      'with --tokens or --dollars: anew after such a time, such as 1d (default: never)',
    )
    .option('--expires <time>', 'when it ends: a time, or 12h, 30d from now')
    .action(async (name: string, options: CreateOptions) => {
      const { client, out } = openSession(options);
      const made = await client.access.create({
        name,
        caller: options.operator ? 'operator' : 'client',
        procedures: proceduresOf(options),
        budget: budgetOf(options),
        expires: options.expires === undefined ? null : readEnd(options.expires, new Date()),
      });
      out.say(`Made ${made.token.id}. This is its value; it is not shown again:`);
      out.result(made, () => [made.value]);
    });

  verb(token, 'list', 'Say which tokens there are, never their values', 'holdfast token list').action(
    async (options: Common) => {
      const { client, out } = openSession(options);
      const tokens = await client.access.list();
      const now = new Date();
      out.result(tokens, () =>
        aligned(tokens.map((one) => [one.id, one.caller, stateOf(one, now), harmless(one.name)])),
      );
    },
  );

  verb(
    token,
    'revoke <token>',
    'End a token, and whatever connection uses it',
    'holdfast token revoke tok_01j5',
  ).action(async (id: string, options: Common) => {
    const { client, out } = openSession(options);
    const revoked = await client.access.revoke({ token: id });
    out.result(revoked, () => [`Revoked ${revoked.id}, “${harmless(revoked.name)}”.`]);
  });
}
