import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import { intendedPath, pathInput, wholePath } from '../files/paths.ts';
import { failed, found } from '../results.ts';
import { tool } from '../tool.ts';
import { endWords } from '../end-words.ts';
import { Ends, shownEnd, succeeded, takeOutput } from './command-output.ts';

const most = 30_000;
/** Of what it said, both streams as they came. */
const mostReported = 1_000_000;

const argument = z
  .string()
  .max(100_000)
  .refine((text) => !text.includes('\0'), 'holds a NUL');

export const runProgram = tool({
  name: 'run_program',
  title: 'Run a program',
  description:
    'Runs one program in the sandbox with exactly these arguments; no shell reads them. Returns its exit code and what it said (of each stream the beginning and the end, 30 kB), and writes all of it to the file report, where one is named. Use exec for a line of bash.',
  input: z.strictObject({
    argv: z.array(argument).min(1).max(1000).describe('The program and its arguments'),
    cwd: pathInput.nullable().default(null).describe('null: the session’s folder'),
    report: pathInput.nullable().default(null).describe('Where what it said is kept, up to 1 MB'),
    writes: z.boolean().default(true).describe('Whether it may change files outside /tmp'),
    timeout_seconds: z
      .int()
      .min(1)
      .max(30 * 86_400)
      .nullable()
      .default(null)
      .describe('null: as long as its turn may take'),
  }),
  needs:
    'exec of the command; what it reads and writes is held to the agent’s own rights. file_write of the report',
  repeatable: false,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ argv, cwd, report, writes }, folder) => [
    { kind: 'exec', argv, cwd: cwd === null ? folder : intendedPath(cwd, folder), writes },
    ...(report === null ? [] : [{ kind: 'write', path: intendedPath(report, folder) } as const]),
  ],
  preview: ({ argv }) => argv.map(shown).join(' '),
  async run({ argv, cwd, report, writes, timeout_seconds: seconds }, hands, signal) {
    if (argv[0] === '') throw new Problem('invalid_input', 'There is no program to run.', 'Name one.');
    const running = await hands.exec({
      argv,
      cwd: cwd === null ? hands.folder : wholePath(cwd, hands.folder),
      writes,
      ...(seconds === null ? {} : { timeoutMs: seconds * 1000 }),
    });
    const whole = new Ends(mostReported);
    const heard = (bytes: Uint8Array) => whole.add(bytes);
    const ran = await takeOutput(running, { most, now: hands.now, signal, heard });
    const { end, stdout, stderr, cut, milliseconds } = ran;
    // Also of one that failed: what it said tells why.
    if (report !== null && !signal.aborted) {
      await hands.files.write(wholePath(report, hands.folder), Buffer.from(whole.text()), { how: 'replace' });
    }
    const told = { ...endWords(end), stdout, stderr, truncated: cut, duration_ms: milliseconds };
    return succeeded(end) ? found(told, shownEnd(end)) : failed(JSON.stringify(told, null, 1), shownEnd(end));
  },
});

/** For people: what it is called with, each argument told from the next. */
const shown = (text: string) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
