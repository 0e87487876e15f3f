import type { Command } from 'commander';
import type { Token } from '../../../shared/contract/house.ts';
import { aligned, harmless, moment } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readEnd } from '../values.ts';

interface CreateOptions extends Common {
  operator?: true;
  procedure?: string[];
  expires?: string;
}

function stateOf(token: Token, now: Date): string {
  if (token.revoked !== null) return `revoked ${moment(token.revoked)}`;
  if (token.expires === null) return 'in force';
  return Date.parse(token.expires) <= now.getTime()
    ? `ran out ${moment(token.expires)}`
    : `until ${moment(token.expires)}`;
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
    .option('--expires <time>', 'when it ends: a time, or 12h, 30d from now')
    .action(async (name: string, options: CreateOptions) => {
      const { client, out } = openSession(options);
      const made = await client.access.create({
        name,
        caller: options.operator ? 'operator' : 'client',
        procedures: options.procedure ?? null,
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
