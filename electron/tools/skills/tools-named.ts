import { readCommandPattern } from '../../../shared/capability/command-pattern.ts';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import { plainly, type Written } from '../../../shared/capability/miswritten.ts';
import { Problem } from '../../../shared/problem.ts';
import { type AllowedTool, allowedText } from '../allowed-tool.ts';

const commands = ['exec', 'job_submit'];
const jobs = ['job_status', 'job_list', 'job_wait', 'job_watch', 'job_cancel'];
const reading = ['file_read', 'file_read_many'];

/** What skills written for other programs call tools that are here. */
export const elsewhere: Readonly<Record<string, readonly string[]>> = {
  Read: [...reading, 'file_list'],
  read_file: reading,
  read_many_files: ['file_read_many'],
  LS: ['file_list'],
  list_directory: ['file_list'],
  Glob: ['file_list', 'grep'],
  glob: ['file_list', 'grep'],
  Grep: ['grep'],
  search_file_content: ['grep'],
  Write: ['file_write'],
  write_file: ['file_write'],
  Edit: ['file_edit'],
  MultiEdit: ['file_edit'],
  NotebookEdit: ['file_edit'],
  replace: ['file_edit'],
  Bash: [...commands, ...jobs],
  bash: [...commands, ...jobs],
  run_shell_command: [...commands, ...jobs],
  BashOutput: ['job_status', 'job_watch'],
  KillBash: ['job_cancel'],
  KillShell: ['job_cancel'],
  WebFetch: ['web_fetch'],
  WebSearch: ['web_search'],
  google_web_search: ['web_search'],
  Task: ['spawn_agent', 'spawn_agents'],
  Agent: ['spawn_agent', 'spawn_agents'],
  AskUserQuestion: ['ask_person'],
  Skill: ['skill_read'],
};

const narrowedByCommand = new Set(['exec', 'job_submit', 'cargo_run']);
const narrowedByHost = new Set(['web_fetch', 'http_request']);
const oneTool = /[\s,]*([A-Za-z][\w.-]*)(?:\(([^()]*)\))?(?=[\s,]|$)/y;

/** What `allowed-tools` names, each perhaps with a pattern; what could not be held to is refused. */
export function toolsNamed(given: string | readonly string[]): AllowedTool[] {
  const all = (typeof given === 'string' ? [given] : given).flatMap(toolsOf);
  return [...new Map(all.map((one) => [allowedText(one), one])).values()];
}

function toolsOf(text: string): AllowedTool[] {
  const found: AllowedTool[] = [];
  const end = text.replace(/[\s,]+$/, '').length;
  for (let at = 0; at < end; at = oneTool.lastIndex) {
    oneTool.lastIndex = at;
    const [, name, pattern] = oneTool.exec(text) ?? [];
    if (name === undefined) {
      const rest = text.slice(at).trim();
      throw new Problem(
        'invalid_input',
        `allowed-tools: “${rest.slice(0, 80)}” is no tool, and no tool with a pattern.`,
        'Write names such as Read or exec, or Bash(git:*), with the pattern right behind the name.',
      );
    }
    const tools = Object.hasOwn(elsewhere, name) ? elsewhere[name]! : [name];
    const only = pattern === undefined ? null : { pattern, name };
    found.push(...tools.map((tool) => ({ tool, only: only && narrowed(tool, tools, only) })));
  }
  return found;
}

function narrowed(
  tool: string,
  tools: readonly string[],
  { name, pattern }: { readonly name: string; readonly pattern: string },
): AllowedTool['only'] {
  const field = `allowed-tools: ${name}(${pattern.slice(0, 80)})`;
  const place: Written = plainly({ text: pattern.trim(), field, offset: name.length + 1 });
  if (narrowedByHost.has(tool)) {
    const [, host] = /^domain:(.*)$/s.exec(place.text) ?? [];
    if (host !== undefined) return { kind: 'network', hosts: [readHostPattern({ ...place, text: host })] };
    throw new Problem(
      'invalid_input',
      `${field}: it names no domain.`,
      `Write ${name}(domain:example.org), or ${name} alone.`,
    );
  }
  if (narrowedByCommand.has(tool)) {
    // “git:*” and “git *” say the same: these words, and any after them.
    const command = readCommandPattern({ ...place, text: place.text.replace(/:\*$/, ' *') });
    return command.words.length === 0 ? null : { kind: 'exec', command };
  }
  if (tools.some((other) => narrowedByCommand.has(other))) return null;
  throw new Problem(
    'invalid_input',
    `${field}: a pattern for ${name} could not be held to.`,
    `Name ${name} alone; patterns hold for commands, as Bash(git:*), and for hosts, as WebFetch(domain:example.org).`,
  );
}
