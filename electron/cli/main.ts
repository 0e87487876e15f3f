/** Entry: the command line. */
import { CommanderError } from 'commander';
import { problemCodes } from '../../shared/problem.ts';
import { pathsFor, systemPathSources } from '../base/paths.ts';
import { problemOfVerb } from './client.ts';
import { hearInterrupts } from './interrupt.ts';
import { harmless } from './output.ts';
import { buildProgram } from './program.ts';

const interrupted = 130;

/** Who reads our output may stop at any time (`| head`); that is no failure. */
process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  if (failure.code === 'EPIPE') process.exit(0);
  const full = failure.code === 'ENOSPC';
  process.stderr.write(`The answer cannot be written: ${full ? 'the disk is full' : failure.message}.\n`);
  process.exit(problemCodes.storage_failed.exit);
});
hearInterrupts(() => process.exit(interrupted));

/** The value of an option that has to be known before, or although, the arguments were understood. */
function given(name: string, args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === name || arg.startsWith(`${name}=`));
  if (at < 0) return undefined;
  return args[at] === name ? args[at + 1] : args[at]?.slice(name.length + 1);
}

/** What comes after `--` belongs to another program. */
function ownPart(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}

async function run(args: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : problemCodes.invalid_input.exit;
    const paths = pathsFor(given('--data', ownPart(args)), systemPathSources());
    const problem = problemOfVerb(paths, thrown);
    const words = ownPart(args).includes('--json')
      ? JSON.stringify({ error: problem.details() })
      : [problem.message, ...(problem.mend ? [problem.mend] : [])].map(harmless).join('\n');
    process.stderr.write(`${words}\n`);
    return problemCodes[problem.code].exit;
  }
}

process.exitCode = await run(process.argv.slice(2));
