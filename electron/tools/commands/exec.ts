import { z } from 'zod';
import { intendedPath, pathInput, wholePath } from '../files/paths.ts';
import { failed, found } from '../results.ts';
import { shellCommand } from '../shell-command.ts';
import { tool } from '../tool.ts';
import { endWords } from '../end-words.ts';
import { shownEnd, succeeded, takeOutput } from './command-output.ts';

const most = 30_000;

export const exec = tool({
  name: 'exec',
  title: 'Run a command',
  description:
    'Runs a line of bash in the sandbox and returns its exit code and what it said (of each stream the beginning and the end, 30 kB). Nothing keeps running afterwards: use job_submit for what takes longer than its time. Set writes to false for commands that only look: they run without the right to write anything but /tmp, and are asked for less often.',
  input: z.strictObject({
    command: z.string().min(1).max(65_536).describe('For bash, without start-up files'),
    cwd: pathInput.nullable().default(null).describe('null: the session’s folder'),
    stdin: z.string().max(1_000_000).default(''),
    writes: z.boolean().default(true).describe('Whether it may change files outside /tmp'),
    timeout_seconds: z.int().min(1).max(600).default(120),
  }),
  needs: 'exec of the command; what it reads and writes is held to the agent’s own rights',
  repeatable: false,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ command, cwd, writes }, folder) => [
    { kind: 'shell', line: command, cwd: cwd === null ? folder : intendedPath(cwd, folder), writes },
  ],
  preview: ({ command }) => command,
  async run({ command, cwd, stdin, writes, timeout_seconds: seconds }, hands, signal) {
    const running = await hands.exec({
      argv: shellCommand(command),
      cwd: cwd === null ? hands.folder : wholePath(cwd, hands.folder),
      writes,
      timeoutMs: seconds * 1000,
    });
    const ran = await takeOutput(running, { most, input: stdin, now: hands.now, signal });
    const { end, stdout, stderr, cut, milliseconds } = ran;
    const told = { ...endWords(end), stdout, stderr, truncated: cut, duration_ms: milliseconds };
    return succeeded(end) ? found(told, shownEnd(end)) : failed(JSON.stringify(told, null, 1), shownEnd(end));
  },
});
