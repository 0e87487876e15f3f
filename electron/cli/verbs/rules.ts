import type { Command } from 'commander';
import { Problem } from '../../../shared/problem.ts';
import type { Rule, RuleDraft, RulePreview, RuleScope, RuleTest } from '../../../shared/rule.ts';
import { partLines } from '../approval-lines.ts';
import type { Client } from '../client.ts';
import { aligned, harmless } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';
import { readEnd } from '../values.ts';

interface AddOptions extends Common {
  agent?: string;
  folder?: string;
  session?: string;
  expires?: string;
  dryRun?: true;
}
interface TestOptions extends Common {
  tool?: string;
  agent?: string;
  folder?: string;
  session?: string;
}

export function addRuleVerbs(program: Command): void {
  const rules = program
    .command('rules')
    .helpCommand(false)
    .summary('See and change standing answers')
    .description('See and change standing answers: what is allowed, asked about or denied without you.');

  verb(rules, 'list', 'Say which rules there are', 'holdfast rules list --all')
    .option('--all', 'also those that ended')
    .action(async (options: Common & { all?: true }) => {
      const { client, out } = openSession(options);
      const list = await client.rules.list({ every: options.all === true });
      out.result(list, () => (list.length > 0 ? aligned(list.map(ruleCells)) : ['None.']));
    });

  verb(
    rules,
    'add <effect> <what>',
    'Add a rule that allows, asks or denies, and say what it would have decided in the past',
    'holdfast rules add allow "exec: git status *" --folder /home/me/project',
  )
    .option('--agent <name>', 'only for this agent')
    .option('--folder <path>', 'only for calls in this folder and below')
    .option('--session <session>', 'only in this session')
    .option('--expires <time>', 'when it ends: a time, or 12h, 30d from now')
    .option('--dry-run', 'add nothing, only say what it would have decided')
    .action(async (effect: string, what: string, options: AddOptions) => {
      const { client, out } = openSession(options);
      const draft = await draftOf(client, effect, what, options);
      const preview = await client.rules.preview(draft);
      if (options.dryRun === true) return out.result(preview, () => previewLines(preview));
      const added = await client.rules.add(draft);
      for (const line of previewLines(preview).slice(1)) out.say(line);
      out.result(added, () => [`Added ${added.id}: ${harmless(added.words)}`]);
    });

  verb(rules, 'rm <rule>', 'Remove a rule', 'holdfast rules rm rul_01j5').action(
    async (rule: string, options: Common) => {
      const { client, out } = openSession(options);
      const removed = await client.rules.remove({ rule });
      out.result(removed, () => [`Removed ${removed.id}: ${harmless(removed.words)}`]);
    },
  );

  verb(
    rules,
    'test <call>',
    'Say what the rules make of a command line, or of a tool’s arguments in JSON, and which decides',
    'holdfast rules test "git status | head -5"',
  )
    .option('--tool <name>', 'the call is of this tool, with arguments in JSON')
    .option('--agent <name>', 'as if this agent called')
    .option('--folder <path>', 'as if it happened here')
    .option('--session <session>', 'as if it happened in this session')
    .action(async (text: string, options: TestOptions) => {
      const { client, out } = openSession(options);
      const session =
        options.session === undefined
          ? null
          : (await client.agentSessions.get({ session: options.session })).id;
      const call =
        options.tool === undefined
          ? ({ kind: 'line', line: text } as const)
          : ({ kind: 'tool', tool: options.tool, input: readArguments(text) } as const);
      const { agent = null, folder = null } = options;
      const tested = await client.rules.test({ call, agent, folder, session });
      out.result(tested, () => testLines(tested));
    });
}

async function draftOf(
  client: Client,
  effect: string,
  what: string,
  { agent = null, folder, session, expires }: Omit<AddOptions, 'agent'> & { agent?: string | null },
): Promise<RuleDraft> {
  if (effect !== 'allow' && effect !== 'ask' && effect !== 'deny') {
    throw new Problem(
      'invalid_input',
      `“${effect}” is nothing that a rule does.`,
      'Write allow, ask or deny.',
    );
  }
  if (folder !== undefined && session !== undefined) {
    throw new Problem('invalid_input', 'Give --folder or --session, not both.');
  }
  const scope: RuleScope =
    session === undefined
      ? folder === undefined
        ? { kind: 'everywhere' }
        : { kind: 'project', folder }
      : { kind: 'session', session: (await client.agentSessions.get({ session })).id };
  return { effect, what, agent, scope, expires: expires === undefined ? null : readEnd(expires, new Date()) };
}

function ruleCells({ id, words, used, ended }: Rule): string[] {
  const state = ended === null ? (used === 0 ? 'unused' : `used ${used}`) : ended.how.replaceAll('_', ' ');
  return [id, state, harmless(words)];
}

function previewLines({ words, warnings, overrides, looked, calls, more }: RulePreview): string[] {
  const all = calls.length + more;
  const past =
    all === 0
      ? `It would have decided none of ${looked.toLocaleString('en')} past calls.`
      : `It would have decided ${all.toLocaleString('en')} of ${looked.toLocaleString('en')} past calls:`;
  return [
    harmless(words),
    ...warnings.map(harmless),
    ...overrides.map((other) => `It would overrule ${harmless(other)}.`),
    past,
    ...aligned(
      calls.slice(0, 20).map(({ now, before, line }) => [`  ${now}`, `was ${before}`, harmless(line)]),
    ),
    ...(all > 20 ? [`  and ${(all - 20).toLocaleString('en')} more`] : []),
  ];
}

function testLines({ verdict, words, parts, order }: RuleTest): string[] {
  return [
    `${verdict}: ${harmless(words)}`,
    ...partLines(parts),
    ...order.map(({ rule, words: said, why }, i) => `  ${i + 1}. ${rule}  ${harmless(said)}: ${why}`),
  ];
}

function readArguments(text: string): Record<string, never> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, never>;
  } catch {
    // Told below, like everything else that is no object.
  }
  throw new Problem('invalid_input', 'The arguments are no JSON object.', 'Write them as {"name": "value"}.');
}
