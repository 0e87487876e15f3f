import type { Command } from 'commander';
import { harmless, tinted } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

export function addMailVerbs(program: Command): void {
  const mail = program
    .command('mail')
    .helpCommand(false)
    .summary('Test the account that agents’ mails go out by')
    .description('Test the account that agents’ mails go out by. The settings mail.… say what it is.');

  verb(
    mail,
    'test <to>',
    'Send a test message as agents’ mails go out; ends with 6 where it does not',
    'holdfast mail test me@example.org',
  ).action(async (to: string, options: Common) => {
    const { client, out } = openSession(options);
    const trial = await client.mail.try({ to });
    out.result(trial, () => {
      const { problem } = trial;
      if (!problem) return [tinted('good', `A test message was sent to ${harmless(to)}.`)];
      return [
        tinted('bad', harmless(problem.message)),
        ...(problem.mend === null ? [] : [tinted('quiet', `  → ${harmless(problem.mend)}`)]),
      ];
    });
    if (!trial.ok) process.exitCode = 6;
  });
}
