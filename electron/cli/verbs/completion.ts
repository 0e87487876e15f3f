import type { Command } from 'commander';
import { Problem } from '../../../shared/problem.ts';
import { completionScript, type Shell, shells } from '../completion-script.ts';

export function addCompletionVerb(program: Command): void {
  program
    .command('completion <shell>')
    .summary('Print what lets a shell complete these words')
    .description(`Print what lets a shell (${shells.join(', ')}) complete these words.`)
    .addHelpText('after', '\nExample:\n  $ source <(holdfast completion bash)')
    .action((name: string) => {
      const shell = shells.find((known): known is Shell => known === name);
      if (!shell)
        throw new Problem(
          'invalid_input',
          `“${name}” is not a shell known here.`,
          `Choose ${shells.join(', ')}.`,
        );
      process.stdout.write(completionScript(program, shell));
    });
}
