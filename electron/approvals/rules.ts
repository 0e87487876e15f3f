import type { Actor } from '../../shared/events/event.ts';
import type { Draft } from '../../shared/events/catalogue.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { Rule, RuleDraft } from '../../shared/rule.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Cell } from '../audit/projection.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { readRuleRow, type RuleRow } from './rule-row.ts';
import { everyRule, rulesFrom, rulesInForce } from './rule-rows.ts';
import type { LiveRule } from './weighing/live-rule.ts';
import { ruleWords, scopeWords } from './weighing/live-rule.ts';
import { readRuleWhat, writeRuleWhat } from './weighing/rule-what.ts';
import { warningsOf } from './suggesting/warnings.ts';
import { wouldOverride } from './suggesting/overriding.ts';

export interface RuleParts {
  readonly record: Pick<AuditRecord, 'append' | 'rows'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** More are not weighed one by one at each call. */
const mostInForce = 2000;

/** A person's standing answers. They live in the record, never in a project. */
export class Rules {
  readonly #parts: RuleParts;
  readonly #used = new Map<Id<'rule'>, number>();
  readonly #writing = new Set<Promise<unknown>>();
  #inForce: readonly LiveRule[] | undefined;

  constructor(parts: RuleParts) {
    this.#parts = parts;
  }

  list(every: boolean): Rule[] {
    const rows = this.#read(this.#parts.record.rows(every ? everyRule : rulesInForce));
    return rows.map(({ rule }) => rule).filter(({ ended }) => every || ended === null);
  }

  /** Those that may decide now; each is looked at again for its time, agent and place. */
  inForce(): readonly LiveRule[] {
    this.#inForce ??= this.#read(this.#parts.record.rows(rulesInForce)).map(({ live }) => live);
    return this.#inForce;
  }

  named(beginning: string): Rule {
    const found = /^[a-z0-9_]+$/.test(beginning)
      ? this.#read(this.#parts.record.rows(rulesFrom, beginning, `${beginning}~`))
      : [];
    const [row] = found;
    if (row && (found.length === 1 || row.rule.id === beginning)) return row.rule;
    throw row
      ? new Problem('conflict', `Several rules begin with “${beginning}”.`, 'Give more of the id.')
      : new Problem('not_found', `There is no rule “${beginning}”.`, 'List them with `holdfast rules list`.');
  }

  /** The rule in its canonical form, before it is on the record. */
  check(draft: RuleDraft): LiveRule {
    const what = readRuleWhat(draft.what);
    const { effect, agent, scope, expires } = draft;
    const now = this.#parts.clock.now();
    if (expires !== null && Date.parse(expires) <= now.getTime()) {
      throw new Problem('invalid_input', 'expires: lies in the past.', 'Give a time to come, or none.');
    }
    if (scope.kind === 'project' && !scope.folder.startsWith('/')) {
      throw new Problem('invalid_input', 'folder: is not an absolute path.', 'Write the whole path.');
    }
    const rule = { id: newId('rule', now), effect, agent, scope, expires, what };
    const overrides = wouldOverride(rule, this.inForce());
    return { ...rule, overrides: overrides.map(({ id }) => id) };
  }

  /** What to say of a rule before it is made. */
  words(rule: LiveRule): { words: string; warnings: string[]; overrides: string[] } {
    const overrides = this.inForce().filter(({ id }) => rule.overrides.includes(id));
    return {
      words: ruleWords(rule),
      warnings: rule.effect === 'allow' ? warningsOf(rule.what) : [],
      overrides: overrides.map((other) => `the rule “${ruleWords(other)}”`),
    };
  }

  /** The event that makes it; nothing of it counts before that is durable and `changed` was called. */
  draft(rule: LiveRule, by: Actor, approval: Id<'approval'> | null): Draft {
    if (this.inForce().length >= mostInForce) {
      throw new Problem(
        'too_many',
        `There are ${mostInForce} rules already.`,
        'Remove some with `holdfast rules rm`.',
      );
    }
    const { id, effect, agent, scope, expires, overrides } = rule;
    const what = writeRuleWhat(rule.what);
    return {
      kind: 'rule.added',
      actor: by,
      scope: scope.kind === 'session' ? { session: scope.session } : {},
      data: { rule: id, effect, what, agent, scope, expires, overrides: [...overrides], approval },
    };
  }

  async add(draft: RuleDraft, by: Actor): Promise<Rule> {
    const rule = this.check(draft);
    await this.#parts.record.append(this.draft(rule, by, null));
    this.changed();
    return this.named(rule.id);
  }

  async remove(beginning: string, by: Actor): Promise<Rule> {
    const rule = this.named(beginning);
    if (rule.ended !== null) return rule;
    const what = `${rule.what} (${scopeWords(rule)})`;
    await this.#parts.record.append({ kind: 'rule.removed', actor: by, data: { rule: rule.id, what } });
    this.changed();
    return this.named(rule.id);
  }

  /** Looks at the record again: a rule was made, or ended. */
  changed(): void {
    this.#inForce = undefined;
  }

  /** Counts beside the call: what decided stands with the call itself as well. */
  use(
    rules: readonly LiveRule[],
    call: { call: Id<'call'>; tool: string; session: Id<'session'>; agent: string },
  ) {
    for (const { id, effect } of rules) {
      const used = (this.#used.get(id) ?? this.named(id).used) + 1;
      this.#used.set(id, used);
      const writing: Promise<unknown> = this.#parts.record
        .append({
          kind: 'rule.used',
          actor: { kind: 'system' },
          scope: { session: call.session, agent: call.agent },
          data: { rule: id, effect, tool: call.tool, call: call.call, used },
        })
        .catch((failure: unknown) =>
          this.#parts.log.warn({ err: failure, rule: id }, 'the use of a rule is not recorded'),
        )
        .finally(() => this.#writing.delete(writing));
      this.#writing.add(writing);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #read(rows: readonly Record<string, Cell>[]): RuleRow[] {
    const now = this.#parts.clock.now().getTime();
    return rows.flatMap((cells) => {
      try {
        return [readRuleRow(cells, now)];
      } catch (failure) {
        this.#parts.log.warn(
          { err: failure, rule: cells['id'] },
          'a rule of another version is not understood',
        );
        return [];
      }
    });
  }
}
