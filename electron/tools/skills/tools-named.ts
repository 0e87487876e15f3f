import { Problem } from '../../../shared/problem.ts';

/** What skills written elsewhere call tools that are here. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  Read: ['file_read', 'file_read_many', 'file_list'],
  LS: ['file_list'],
  Glob: ['file_list', 'grep'],
  Grep: ['grep'],
  Write: ['file_write'],
  Edit: ['file_edit'],
  MultiEdit: ['file_edit'],
  Bash: ['exec', 'job_submit', 'job_status', 'job_list', 'job_wait', 'job_watch', 'job_cancel'],
  WebFetch: ['web_fetch'],
  Task: ['spawn_agent', 'spawn_agents'],
};

/** What `allowed-tools` names. A pattern could not be held to, so a skill that has one is refused. */
export function toolsNamed(given: string | readonly string[]): string[] {
  const names = (typeof given === 'string' ? given.split(/[\s,]+/) : given).map((name) => name.trim());
  const odd = names.find((name) => name !== '' && !/^[A-Za-z][\w.-]*$/.test(name));
  if (odd !== undefined) {
    throw new Problem(
      'invalid_input',
      `allowed-tools: “${odd.slice(0, 80)}” is no name of a tool; patterns are not held to here.`,
      'Name the tools alone, such as exec, and limit commands by rules.',
    );
  }
  return [...new Set(names.filter((name) => name !== '').flatMap((name) => elsewhere[name] ?? [name]))];
}
