import { programOf } from '../shell/programs.ts';
import { wrappers } from '../shell/wrappers.ts';
import type { RuleWhat } from '../weighing/rule-what.ts';

const runnersOfCode = new Set(['bash', 'exec', 'shell', 'run', 'job_submit', 'jobs_submit', 'cargo_run']);

/** What a rule that allows lets happen beside what it says. */
export function warningsOf({ tool, capability, exactly }: RuleWhat): string[] {
  if (exactly !== null) return [];
  if (capability === null) {
    if (tool === '*') return ['This allows every call of every tool.'];
    if (tool !== null && runnersOfCode.has(tool)) return ['This lets it run anything.'];
    return [`This allows every call of ${tool}, whatever its arguments.`];
  }
  switch (capability.kind) {
    case 'exec':
      return commandWarnings(capability.command.words, capability.command.rest);
    case 'network':
      return capability.hosts.some(({ host }) => host === '*') ? ['This allows every host.'] : [];
    case 'file_read':
    case 'file_write':
      return capability.path === '*' ? ['This allows every path.'] : [];
    case 'spawn_agent':
    case 'message':
    case 'web_search':
    case 'cargo_run':
    case 'git_commit':
    case 'custom':
      return [];
  }
}

function commandWarnings(words: readonly (string | null)[], rest: boolean): string[] {
  const [name] = words;
  if (name === undefined || name === null) return ['This lets it run anything.'];
  const argv = words.map((word) => word ?? '');
  const program = programOf(argv);
  const open = rest || words.includes(null);
  if (program?.runsAnything === true || (wrappers.has(name) && open)) {
    return [
      open
        ? `This lets it run anything: ${name} runs what it is given.`
        : `This lets it run anything that ${name} finds there, code that the agent wrote included.`,
    ];
  }
  if (name.includes('/') && !/^\/(usr\/)?s?bin\//.test(name)) {
    return [`This lets it run whatever lies at ${name}, also after the agent changed it.`];
  }
  if (!open) return [];
  if (program === undefined) return [`What ${name} does with other arguments is not known here.`];
  return [];
}
