import { z } from 'zod';
import { intendedPath, pathInput, wholePath } from '../files/paths.ts';
import { failed, found } from '../results.ts';
import { tool } from '../tool.ts';
import { endWords } from '../end-words.ts';
import { succeeded, takeOutput } from '../commands/command-output.ts';

const mostMatches = 200;
const mostBytes = 16_384;
const longestLine = 512;
const patience = 30_000;

export const grep = tool({
  name: 'grep',
  title: 'Search in files',
  description:
    'Finds lines that match a regular expression in a file, or in every text file below a folder (hidden and ignored files left out where ripgrep is there). Returns at most 200 matches with path and line number; long lines are cut.',
  input: z.strictObject({
    pattern: z.string().min(1).max(2000),
    path: pathInput.default('.'),
    glob: z.string().min(1).max(200).nullable().default(null).describe('Which file names, for example *.ts'),
    case_insensitive: z.boolean().default(false),
  }),
  needs: 'file_read of the path',
  repeatable: true,
  parallel: true,
  surface: 'sandbox',
  action: false,
  intends: ({ path }, folder) => [{ kind: 'read', path: intendedPath(path, folder) }],
  preview: ({ pattern, path }) => `${pattern} in ${path}`,
  async run({ pattern, path, glob, case_insensitive: blind }, hands, signal) {
    const real = await hands.files.readable(wholePath(path, hands.folder));
    const argv = ['sh', '-c', script, 'sh', pattern, real, glob ?? '', blind ? '-i' : ''];
    // It reads and nothing else, whatever the agent may do.
    const running = await hands.look({ argv, cwd: null, timeoutMs: patience, read: real });
    const { end, stdout, stderr } = await takeOutput(running, {
      most: 4 * mostBytes,
      now: hands.now,
      signal,
    });
    // How the search ended is hidden behind the pipe; what it complains of is its pattern.
    if (stdout === '' && (!succeeded(end) || stderr !== '')) {
      return failed(JSON.stringify({ ...endWords(end), error: stderr.slice(0, 2000) }, null, 1));
    }
    return found(matchesIn(stdout, real));
  },
});

/**
 * ripgrep where the sandbox has it, grep elsewhere: both print path, line and text, and stop when there is enough. GNU's
 * grep knows the usual expressions too (`\d`, `\b`) when it is told to; others take what POSIX calls extended ones.
 * Arguments stand behind `-e` and `--`, so that none is taken for an option.
 */
const script = `
if command -v rg > /dev/null 2>&1; then
  rg --no-config --no-messages --no-heading --line-number --with-filename --color never --max-columns ${longestLine} --max-columns-preview $4 \${3:+--glob "$3"} -e "$1" -- "$2"
else
  kind=E
  printf x | grep -qP x 2> /dev/null && kind=P
  grep -srInH$kind $4 \${3:+--include="$3"} -e "$1" -- "$2"
fi | head -n ${mostMatches + 1}
`;

function matchesIn(output: string, root: string) {
  const lines = output.split('\n').filter((line) => line !== '');
  const matches: { path: string; line: number; text: string }[] = [];
  let bytes = 0;
  for (const each of lines) {
    const [, path = '', line = '0', text = ''] = /^(.*?):(\d+):(.*)$/s.exec(each) ?? [];
    if (path === '') continue;
    const shown = text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
    bytes += path.length + shown.length;
    if (matches.length === mostMatches || bytes > mostBytes) break;
    matches.push({ path, line: Number(line), text: shown });
  }
  return { root, matches, count: matches.length, truncated: matches.length < lines.length };
}
