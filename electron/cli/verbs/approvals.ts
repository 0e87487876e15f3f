import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import type { Answer, Approval } from '../../../shared/approval.ts';
import { Problem } from '../../../shared/problem.ts';
import type { RuleScope } from '../../../shared/rule.ts';
import { approvalCells, detailLines } from '../approval-lines.ts';
import type { Client } from '../client.ts';
import { aligned, harmless } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readEnd } from '../values.ts';

interface ApproveOptions extends Common {
  session?: true;
  always?: true;
  rule?: string[];
  everywhere?: true;
  expires?: string;
  input?: string;
}

export function addApprovalVerbs(program: Command): void {
  verb(
    program,
    'approvals [approval]',
    'Say what waits for you, or all there is to know of one of them',
    'holdfast approvals apr_01j5',
  )
    .option('--all', 'also what is settled, the newest hundred')
    .action(async (approval: string | undefined, options: Common & { all?: true }) => {
      const { client, out } = openSession(options);
      if (approval !== undefined) {
        const detail = await client.approvals.get({ approval });
        return out.result(detail, () => detailLines(detail));
      }
      const list = await client.approvals.list({ every: options.all === true });
      const now = new Date();
      out.result(list, () =>
        list.length > 0 ? aligned(list.map((one) => approvalCells(one, now))) : ['Nothing waits for you.'],
      );
    });

  verb(program, 'approve <approval>', 'Allow a call that waits', 'holdfast approve apr_01j5 --always')
    .option('--session', 'also for the rest of its session')
    .option('--always', 'from now on, by a rule: the proposed one, or those that --rule gives')
    .option('--rule <what>', 'what of, such as “exec: git status *”; may be repeated', collect)
    .option('--everywhere', 'the rule holds in every folder, not only in this one')
    .option('--expires <time>', 'when the rule ends: a time, or 12h, 30d from now')
    .option('--input <file>', 'allow it with the arguments in this JSON file instead')
    .action(async (approval: string, options: ApproveOptions) => {
      const { client, out } = openSession(options);
      const answer = await allowing(client, approval, options);
      const input = options.input === undefined ? {} : { input: readInputFile(options.input) };
      const done = await client.approvals.answer({ approval, answer, ...input });
      out.result(done, () => [settledLine(done)]);
    });

  verb(program, 'deny <approval>', 'Deny a call that waits', 'holdfast deny apr_01j5 --reason "Use npm."')
    .option('--reason <words>', 'the agent receives them')
    .action(async (approval: string, options: Common & { reason?: string }) => {
      const { client, out } = openSession(options);
      const answer = { kind: 'deny', reason: options.reason ?? '' } as const;
      const done = await client.approvals.answer({ approval, answer });
      out.result(done, () => [settledLine(done)]);
    });

  verb(
    program,
    'defer <approval>',
    'Say “not now”: it waits on, out of the way',
    'holdfast defer apr_01j5',
  ).action(async (approval: string, options: Common) => {
    const { client, out } = openSession(options);
    const done = await client.approvals.answer({ approval, answer: { kind: 'not_now' } });
    out.result(done, () => [`${done.id} waits on.`]);
  });

  verb(
    program,
    'answer <approval> <text>',
    'Answer an agent’s question',
    'holdfast answer apr_01j5 main',
  ).action(async (approval: string, text: string, options: Common) => {
    const { client, out } = openSession(options);
    const done = await client.approvals.answer({ approval, answer: { kind: 'reply', text } });
    out.result(done, () => [settledLine(done)]);
  });
}

async function allowing(client: Client, approval: string, options: ApproveOptions): Promise<Answer> {
  if (options.always === true) return always(client, approval, options);
  for (const [name, given] of [
    ['--everywhere', options.everywhere],
    ['--expires', options.expires],
  ] as const) {
    if (given !== undefined) throw new Problem('invalid_input', `${name} goes with --always.`);
  }
  if (options.session === true) {
    return options.rule === undefined ? { kind: 'session' } : { kind: 'session', rules: options.rule };
  }
  if (options.rule) throw new Problem('invalid_input', '--rule goes with --always or --session.');
  return { kind: 'once' };
}

/** The rules that were proposed, or others; nothing that lets more happen than it says without being given in words. */
async function always(
  client: Client,
  approval: string,
  { rule, everywhere, expires, session }: ApproveOptions,
): Promise<Answer> {
  if (session === true) throw new Problem('invalid_input', 'Give --session or --always, not both.');
  const { suggestions, folder } = await client.approvals.get({ approval });
  const end = expires === undefined ? null : readEnd(expires, new Date());
  if (rule) {
    const scope: RuleScope =
      everywhere === true || folder === null ? { kind: 'everywhere' } : { kind: 'project', folder };
    const rules = rule.map((what) => ({ effect: 'allow' as const, what, agent: null, scope, expires: end }));
    return { kind: 'always', rules };
  }
  const warned = suggestions.flatMap(({ warnings }) => warnings);
  if (suggestions.length === 0 || warned.length > 0) {
    throw new Problem(
      'invalid_input',
      warned[0] ?? 'No rule can be proposed for this call.',
      `Give the rule in words: \`holdfast approve ${approval} --always --rule ${suggestions[0] ? `"${suggestions[0].draft.what}"` : 'WHAT'}\`, or allow it once.`,
    );
  }
  const rules = suggestions.map(({ draft }) => ({
    ...draft,
    expires: end,
    ...(everywhere === true ? { scope: { kind: 'everywhere' } as const } : {}),
  }));
  return { kind: 'always', rules };
}

function settledLine({ id, settled, line }: Approval): string {
  const deed = settled?.how === 'deny' ? 'Denied' : settled?.how === 'reply' ? 'Answered' : 'Allowed';
  return `${deed} ${id}: ${harmless(line)}`;
}

function readInputFile(file: string): Record<string, never> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (failure) {
    throw new Problem('not_found', `“${file}” cannot be read.`, undefined, { cause: failure });
  }
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, never>;
  } catch {
    // Told below, like everything else that is no object.
  }
  throw new Problem(
    'invalid_input',
    `“${file}” holds no JSON object.`,
    'Write the arguments as {"name": "value"}.',
  );
}
