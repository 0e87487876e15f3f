import type { Id } from '../../../shared/ids.ts';
import type { RuleScope } from '../../../shared/rule.ts';
import { weighedCall } from '../weighing/call-parts.ts';
import type { LiveRule } from '../weighing/live-rule.ts';
import { readRuleWhat } from '../weighing/rule-what.ts';
import { weigh, type Weighed } from '../weighing/weigh.ts';
import { shellIntent } from './some-approvals.ts';

let made = 0;

/** `allow exec: git status *`, everywhere unless it is said. */
export function rule(
  text: string,
  part: { scope?: RuleScope; agent?: string; overrides?: Id<'rule'>[] } = {},
): LiveRule {
  const [, effect = '', what = ''] = /^(allow|ask|deny) (.*)$/s.exec(text) ?? [];
  const { scope = { kind: 'everywhere' }, agent = null, overrides = [] } = part;
  const id: Id<'rule'> = `rul_${String(made++).padStart(26, '0')}`;
  return {
    id,
    effect: effect as LiveRule['effect'],
    what: readRuleWhat(what),
    scope,
    agent,
    overrides,
    expires: null,
  };
}

/** What these rules make of a line that would ask without them. */
export async function weighLine(
  line: string,
  rules: readonly LiveRule[],
  folder = '/project',
): Promise<Weighed> {
  const call = await weighedCall({
    tool: 'exec',
    agent: 'coder',
    session: null,
    folder,
    input: { command: line },
    intents: [shellIntent(line, folder)],
  });
  const crossings = [{ kind: 'command', words: 'runs a command in your folder' }] as const;
  return weigh(call, { level: 'boundaries', crossings, action: false, surface: 'sandbox' }, rules, 0);
}
