import type { ResultPart } from '../../../shared/conversation.ts';
import type { Scaffold, ScaffoldKind } from '../../../shared/scaffold.ts';
import { endWords } from '../../tools/end-words.ts';
import { WorkFailed } from './work-failed.ts';

interface Call {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The one call that does what a scaffold is for. */
export function callOf(scaffold: Scaffold, runFolder: string | null): Call {
  switch (scaffold.kind) {
    case 'fetcher':
      return { tool: toolOf.fetcher, input: { url: scaffold.url, path: scaffold.output } };
    case 'runner': {
      const { argv, report, seconds } = scaffold;
      const cwd = scaffold.cwd ?? runFolder;
      return { tool: toolOf.runner, input: { argv, cwd, report, timeout_seconds: seconds } };
    }
    case 'assembler': {
      const { inputs, output, title } = scaffold;
      return { tool: toolOf.assembler, input: { inputs, output, title } };
    }
  }
}

/** The tool that each of them calls, and no other. */
export const toolOf: Readonly<Record<ScaffoldKind, string>> = {
  fetcher: 'web_save',
  runner: 'run_program',
  assembler: 'join_files',
};

/** What it answers after that call; what did not succeed is thrown. */
export function answerAfter(scaffold: Scaffold, { ok, content }: Pick<ResultPart, 'ok' | 'content'>): string {
  const text = content.map((part) => (part.kind === 'text' ? part.text : '')).join('\n');
  if (scaffold.kind === 'runner') return ranAnswer(scaffold.argv[0] ?? '', ok, text);
  if (!ok) throw new WorkFailed(text);
  return scaffold.output;
}

function ranAnswer(program: string, ok: boolean, text: string): string {
  const ran = ranOf(text);
  // After a restart a person may have said that it is to count as done.
  if (!ran && ok) return text;
  if (!ran) throw new WorkFailed(text);
  const { stdout = '', stderr = '', exit_code: code = null, ended } = ran;
  const said = [stdout, stderr].filter((each) => each.trim() !== '');
  if (ok) return said.length === 0 ? 'It said nothing.' : said.join('\n');
  const last = said
    .map((each) => each.trim())
    .join('\n')
    .split('\n')
    .slice(-5)
    .join('\n')
    .slice(-1000);
  if (code === null && ended === timedOut) throw new WorkFailed(ended, 'timed_out');
  const how = howItEnded(program, code, ended);
  throw new WorkFailed(last === '' ? how : `${how} It said last: ${last}`);
}

function howItEnded(program: string, code: number | null, ended = byItself): string {
  const why = ended === byItself ? '' : `: ${ended.replace(/\.$/, '')}`;
  if (code === 126 || code === 127) return `“${program}” ended with exit code ${code}${why}.`;
  return code === null ? `It was ended${why}.` : `It ended with exit code ${code}${why}.`;
}

const byItself = endWords({ how: 'exited', code: 0 }).ended;
const timedOut = endWords({ how: 'timed_out' }).ended;

interface Ran {
  readonly exit_code?: number | null;
  readonly ended?: string;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Null for words that tell why it never ran. */
function ranOf(text: string): Ran | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'stdout' in value ? (value as Ran) : null;
  } catch {
    return null;
  }
}
