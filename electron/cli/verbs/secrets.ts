import type { Command } from 'commander';
import { Problem } from '../../../shared/problem.ts';
import { onTerminal, readHidden, readInput } from '../ask.ts';
import { aligned, moment } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

/** A value never comes in an argument: those are shown to everybody on the machine and kept in histories. */
async function readValue(name: string, variable: string | undefined): Promise<string> {
  const value = variable === undefined ? await readTyped(name) : (process.env[variable] ?? '');
  if (value !== '') return value;
  throw new Problem(
    'invalid_input',
    'There is no value to store.',
    'Pipe it in, type it when asked, or name a variable with --from-env.',
  );
}

function readTyped(name: string): Promise<string> {
  return onTerminal() ? readHidden(`Value of ${name} (not shown): `) : readInput();
}

export function addSecretVerbs(program: Command): void {
  const secrets = program
    .command('secrets')
    .helpCommand(false)
    .summary('Keep secrets')
    .description('Keep secrets, such as keys of model providers.');

  verb(
    secrets,
    'set <name>',
    'Store a secret, typed unseen or piped in',
    'printf %s "$KEY" | holdfast secrets set anthropic.key',
  )
    .option('--from-env <variable>', 'take the value from this variable')
    .action(async (name: string, options: Common & { fromEnv?: string }) => {
      const { client, out } = openSession(options);
      const stored = await client.secrets.set({ name, value: await readValue(name, options.fromEnv) });
      out.result(stored, () => [`Stored ${stored.name}.`]);
    });

  verb(secrets, 'list', 'Say which secrets there are, never their values', 'holdfast secrets list').action(
    async (options: Common) => {
      const { client, out } = openSession(options);
      const list = await client.secrets.list();
      out.result(list, () => [
        ...aligned(list.secrets.map(({ name, changed }) => [name, moment(changed)])),
        `Kept ${list.kept}.`,
        ...(list.warning ? [list.warning] : []),
      ]);
    },
  );

  verb(secrets, 'rm <name>', 'Remove a secret', 'holdfast secrets rm anthropic.key').action(
    async (name: string, options: Common) => {
      const { client, out } = openSession(options);
      const removed = await client.secrets.remove({ name });
      out.result(removed, () => [`Removed ${removed.name}.`]);
    },
  );
}
