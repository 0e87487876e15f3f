import { createInterface } from 'node:readline/promises';
import { Problem } from '../../shared/problem.ts';

export const onTerminal = () => process.stdin.isTTY && process.stderr.isTTY;

/** Asks a question that only a clear yes agrees to. */
export async function agreed(question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await askLine(`${question} [y/N] `));
}

/** A line that is typed, without what surrounds it. Whoever leaves with Ctrl-C or Ctrl-D hears what that means. */
export async function askLine(question: string, left = 'Nothing was done.'): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const gone = new Promise<never>((_, reject) =>
      lines.once('close', () => {
        process.stderr.write('\n');
        reject(new Problem('cancelled', left));
      }),
    );
    const typed = await Promise.race([gone, lines.question(question)]);
    lines.removeAllListeners('close');
    return typed.trim();
  } catch (thrown) {
    throw Problem.of(thrown).code === 'cancelled' ? thrown : new Problem('cancelled', left);
  } finally {
    lines.close();
  }
}

/** Lets a thing that cannot be undone go on only when somebody said so. */
export async function insistOn(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!onTerminal())
    throw new Problem(
      'invalid_input',
      'This needs your agreement, and there is nobody to ask.',
      'Add --yes.',
    );
  if (!(await agreed(question))) throw new Problem('cancelled', 'Nothing was done.');
}

/** Everything on standard input, without the line's end that `echo` adds. */
export async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

/** A line typed on the terminal that is not shown. */
export function readHidden(question: string): Promise<string> {
  const { stdin } = process;
  // Before the question: whoever answers at once is not shown either.
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  process.stderr.write(question);
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = () => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      process.stderr.write('\n');
    };
    const take = (text: string) => {
      for (const key of text) {
        if (key === '\r' || key === '\n' || key === '\u0004') {
          end();
          return resolve(typed);
        }
        if (key === '\u0003') {
          end();
          return reject(new Problem('cancelled', 'Nothing was done.'));
        }
        if (key === '\u007F' || key === '\b') typed = typed.slice(0, -1);
        else typed += key;
      }
    };
    stdin.on('data', take);
    stdin.resume();
  });
}
