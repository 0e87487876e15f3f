import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { problemText, readDeclaredText } from '../declared-text.ts';
import { aligned, harmless, tinted } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

export function addImportVerbs(program: Command): void {
  const imports = program
    .command('import')
    .helpCommand(false)
    .summary('Take over what other systems were told')
    .description('Take over what other systems were told.');

  verb(
    imports,
    'agentd <file>',
    'Make agents out of a file of agentd; ends with 5 where something is wrong with it',
    'holdfast import agentd /etc/agentd/agentd.toml --dry-run',
  )
    .option('--dry-run', 'say what it would make, and write nothing')
    .option('--replace', 'write over agents of yours that bear the same names')
    .action(async (file: string, options: Common & { dryRun?: true; replace?: true }) => {
      const { client, out } = openSession(options);
      const made = await client.agents.importAgentd({
        text: await readDeclaredText(file),
        folder: dirname(resolve(file)),
        dryRun: options.dryRun === true,
        replace: options.replace === true,
      });
      out.result(made, () => {
        if (made.problems.length > 0)
          return made.problems.map((problem) => tinted('bad', `${file}:${problemText(problem)}`));
        const rows = made.agents.map(({ name, file: written, replaces }) => [
          harmless(name),
          harmless(written ?? (replaces ? 'would take the place of yours' : 'would be made')),
        ]);
        return [...aligned(rows), ...made.notes.map(harmless)];
      });
      if (made.problems.length > 0) process.exitCode = 5;
    });
}
