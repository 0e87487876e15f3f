import type { StandInMessage, StandInRequest } from './read-request.ts';
import type { Scripted, ScriptedCall } from './scripted.ts';

const file = 'holdfast-demo.md';
const first = '# What the demo did\n\nIt wrote this file, and has not changed it yet.\n';

/** Small steps, slow enough to be read while they come. */
const pace = 25;

interface Step {
  readonly tool: string;
  readonly says: (last: string) => string;
  readonly input: (last: string) => ScriptedCall['input'];
}

const steps: readonly Step[] = [
  {
    tool: 'file_list',
    says: () => 'Let me see what is in the folder.',
    input: () => ({ path: '.' }),
  },
  {
    tool: 'file_read',
    says: (last) => `I read ${firstFile(last)} to know where I am.`,
    input: (last) => ({ path: firstFile(last) }),
  },
  {
    tool: 'file_write',
    says: () => `Now I write a file of my own, ${file}.`,
    input: () => ({ path: file, content: first }),
  },
  {
    tool: 'file_edit',
    says: () => 'And I change a line of it, so that there is a difference to look at.',
    input: () => ({ path: file, old_string: 'has not changed it yet', new_string: 'then changed this line' }),
  },
  {
    tool: 'exec',
    says: () => 'Last, a command in the sandbox: it counts the lines.',
    input: () => ({ command: `wc -l ${file}`, writes: false }),
  },
];

/** A model without a mind: whatever it is asked, it reads, writes, edits, runs a command, and says what it did. */
export function demoAnswer(request: StandInRequest): Scripted {
  const since = request.messages.slice(lastQuestion(request.messages));
  const done = since.filter(({ role }) => role === 'assistant').flatMap(({ calls }) => calls);
  const results = since.flatMap((message) => message.results);
  const offered = steps.filter(({ tool }) => request.tools.includes(tool));
  const step = offered[done.length];
  const last = results.at(-1)?.text ?? '';
  if (!step) return { pace, text: ending(request, done.length, results) };
  const failed = results.at(-1)?.failed === true;
  return {
    pace,
    text: `${failed ? 'That did not work, so I go on with the next thing. ' : ''}${step.says(last)}`,
    calls: [{ tool: step.tool, input: step.input(last) }],
  };
}

/** Where the newest words of the person are: everything after them is this turn. */
function lastQuestion(messages: readonly StandInMessage[]): number {
  const at = messages.findLastIndex(
    ({ role, text, results }) => role === 'user' && text !== '' && results.length === 0,
  );
  return Math.max(0, at);
}

function firstFile(listed: string): string {
  const names = [...listed.matchAll(/"name":\s*"([^"]+)",\s*"kind":\s*"file"/g)].map(
    ([, name]) => name ?? '',
  );
  return names.find((name) => /\.(md|txt|json|ts|js|py|yaml|toml)$/.test(name)) ?? names[0] ?? file;
}

function ending(
  { tools }: StandInRequest,
  count: number,
  results: readonly { text: string; failed: boolean }[],
): string {
  if (count === 0) {
    return tools.length === 0
      ? 'I am the demo’s scripted model, and I was given no tools. Ask an agent that has some.'
      : 'I am the demo’s scripted model. I know only tools for files and commands, and I have none of them here.';
  }
  const failures = results.filter(({ failed }) => failed).length;
  const well = failures === 0 ? 'All of it worked.' : `${failures} of them did not work or were denied.`;
  return `Done: ${count} calls. ${well}\n\nI am the demo’s scripted model, so this is all I can do. Look at the calls above, at the changes that wait for your review, and at the record: everything is there.`;
}
