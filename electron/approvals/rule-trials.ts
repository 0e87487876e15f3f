import { plainIssue } from '../../shared/plain-issue.ts';
import { Problem } from '../../shared/problem.ts';
import type { RuleDraft, RulePreview, RuleTest } from '../../shared/rule.ts';
import type { Intent } from '../tools/tool.ts';
import type { ApprovalParts } from './approval-parts.ts';
import type { Crossing } from './asking.ts';
import type { Rules } from './rules.ts';
import { pastCalls } from './trying/past-calls.ts';
import { type CallFacts, weighedCall } from './weighing/call-parts.ts';
import type { WeighedCall } from './weighing/fitting.ts';
import { type LiveRule, ruleWords } from './weighing/live-rule.ts';
import type { Asking } from './weighing/level.ts';
import { weigh } from './weighing/weigh.ts';

export type TriedCall =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'tool'; readonly tool: string; readonly input: Readonly<Record<string, unknown>> };

/** How many past calls a new rule is tried on. */
const mostPast = 300;
const mostShown = 200;

/** What the rules alone make of calls that are not made: the level of a session is another matter. */
export class RuleTrials {
  readonly #parts: ApprovalParts;
  readonly #rules: Rules;

  constructor(parts: ApprovalParts, rules: Rules) {
    this.#parts = parts;
    this.#rules = rules;
  }

  async test(
    call: TriedCall,
    place: { agent: string | null; folder: string | null; session: string | null },
  ): Promise<RuleTest> {
    const weighed = this.#weigh(await weighedCall(await this.#facts(call, place)), this.#rules.inForce());
    const { verdict, who, words, parts, order } = weighed;
    return {
      verdict,
      words: who === 'rule' ? words : levelWords(verdict),
      parts: [...parts],
      order: order.map(({ rule, why }) => ({ rule: rule.id, words: ruleWords(rule), why })),
    };
  }

  /** What a rule would have decided of past calls, beside the rules that are in force now. */
  async preview(draft: RuleDraft): Promise<RulePreview> {
    const rule = this.#rules.check(draft);
    const rules = [...this.#rules.inForce(), rule];
    const calls: RulePreview['calls'] = [];
    let looked = 0;
    let more = 0;
    for await (const past of pastCalls(this.#parts, mostPast)) {
      looked++;
      const { time, agent, tool, line, before } = past;
      const { verdict, rules: by } = this.#weigh(await weighedCall(past), rules);
      if (!by.some(({ id }) => id === rule.id)) continue;
      if (calls.length < mostShown) calls.push({ time, agent, tool, line, before, now: verdict });
      else more++;
    }
    return { ...this.#rules.words(rule), looked, calls, more };
  }

  #weigh(call: WeighedCall, rules: readonly LiveRule[]) {
    return weigh(call, everyCrossing(call), rules, this.#parts.clock.now().getTime());
  }

  async #facts(
    call: TriedCall,
    place: { agent: string | null; folder: string | null; session: string | null },
  ): Promise<CallFacts> {
    if (call.kind === 'line') {
      const intent: Intent = { kind: 'shell', line: call.line, cwd: place.folder, writes: true };
      return { ...place, tool: 'exec', input: { command: call.line }, intents: [intent] };
    }
    const known = await this.#parts.tool(call.tool);
    if (!known) throw new Problem('not_found', `There is no tool “${call.tool}”.`);
    const input = known.input.safeParse(call.input);
    if (!input.success) {
      const said = input.error.issues
        .slice(0, 5)
        .map((issue) => `${issue.path.join('.')}: ${plainIssue(issue)}`)
        .join('; ');
      throw new Problem('invalid_input', `${call.tool} would not take this: ${said}.`);
    }
    return {
      ...place,
      tool: known.name,
      input: call.input,
      intents: known.intends(input.data, place.folder),
    };
  }
}

/** As if each kind of effect crossed a boundary, so that only rules can allow it. */
function everyCrossing({ parts }: WeighedCall): Asking {
  const words = 'is not allowed by a rule';
  const kinds = new Set(parts.map(({ kind }) => kind));
  const crossings: Crossing[] = [];
  if (kinds.has('command')) crossings.push({ kind: 'command', words });
  if (kinds.has('write')) crossings.push({ kind: 'write', words });
  if (kinds.has('host')) crossings.push({ kind: 'host', words });
  if (kinds.has('spawn') || kinds.has('message')) crossings.push({ kind: 'spawn', words });
  const reads = kinds.has('read') && kinds.size === 1;
  if (reads) crossings.push({ kind: 'wider', words });
  return {
    level: 'boundaries',
    crossings,
    action: kinds.has('action') || kinds.has('call'),
    surface: 'sandbox',
  };
}

function levelWords(verdict: 'allow' | 'ask' | 'deny'): string {
  return verdict === 'allow'
    ? 'no rule is needed: it does nothing outside'
    : 'no rule decides it: the level of the session says whether it asks';
}
