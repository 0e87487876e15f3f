import { z } from 'zod';
import { intendedPath, pathInput, wholePath } from '../files/paths.ts';
import { failed, found } from '../results.ts';
import { tool } from '../tool.ts';
import { endWords } from '../end-words.ts';
import { shownEnd, succeeded, takeOutput } from './command-output.ts';

const most = 8192;
const patience = 240_000;

export const cargoRun = tool({
  name: 'cargo_run',
  title: 'Run cargo',
  description:
    'Runs cargo check, test, clippy or fmt in a Rust workspace, at most 240 seconds, and returns its exit code and the beginning and end of what it said (8 kB of each stream).',
  input: z.strictObject({
    workspace: pathInput,
    subcommand: z.enum(['check', 'test', 'clippy', 'fmt']),
    args: z.array(z.string().max(1000)).max(50).default([]),
  }),
  needs:
    'cargo_run of the workspace, and a cargo among the sandbox’s own programs (of the system or its image; not one in a home)',
  repeatable: false,
  parallel: false,
  surface: 'sandbox',
  action: false,
  intends: ({ workspace, subcommand, args }, folder) => [
    {
      kind: 'exec',
      argv: ['cargo', subcommand, ...args],
      cwd: intendedPath(workspace, folder),
      writes: true,
    },
  ],
  preview: ({ subcommand, args }) => ['cargo', subcommand, ...args].join(' '),
  async run({ workspace, subcommand, args }, hands, signal) {
    const argv = ['cargo', subcommand, ...args];
    const cwd = wholePath(workspace, hands.folder);
    await hands.mayIn('cargo_run', cwd);
    const running = await hands.exec({ argv, cwd, writes: true, timeoutMs: patience });
    const { end, stdout, stderr, milliseconds } = await takeOutput(running, { most, now: hands.now, signal });
    const told = { ...endWords(end), success: succeeded(end), duration_ms: milliseconds, stdout, stderr };
    return succeeded(end) ? found(told, shownEnd(end)) : failed(JSON.stringify(told, null, 1), shownEnd(end));
  },
});
