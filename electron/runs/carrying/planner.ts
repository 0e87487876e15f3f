import type { BlobDraft, Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Plan } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Role } from '../../../shared/role.ts';
import type { Ceiling, RunOutcome, RunWish } from '../../../shared/run.ts';
import { Interrupted } from '../../agents/interrupted.ts';
import type { CheckedPlan } from '../../planning/checked-plan.ts';
import { jsonBlob } from '../looking/blobs.ts';
import type { RunRow } from '../run-row.ts';
import type { PartGround } from './part-attempt.ts';
import { couldLeave } from './could-leave.ts';
import { orderOf } from './part-order.ts';
import type { PlannedPart } from './planned-part.ts';
import { type Proposal, proposalOf } from './proposing.ts';
import { producedDrafts } from './producing.ts';
import { raised } from './raised.ts';
import type { RunNeeds } from './run-needs.ts';
import { type Rest, Thinking } from './thinking.ts';
import { reallyNamed, refuseLinks, widened } from './widened.ts';

/** A plan that is on the record, ready to be carried out. */
export interface Made {
  readonly plan: Plan;
  readonly checked: CheckedPlan;
  readonly parts: readonly PlannedPart[];
}

export type Planned =
  { readonly how: 'made'; readonly made: Made } | { readonly how: 'ended'; readonly outcome: RunOutcome };

export interface PlannerHears {
  ceiling(): Ceiling;
  widen(ceiling: Ceiling): void;
  says(detail: string | null): void;
}

interface Waiting {
  readonly plan: Plan;
  readonly roles: ReadonlyMap<string, Role>;
  readonly answered: PromiseWithResolvers<{ plan: Plan } | 'refused'>;
}

const system: Actor = { kind: 'system' };

/** Gives a run its plan: asks for one, checks it, puts it before the person where that is wanted, and records it. */
export class Planner {
  readonly #needs: RunNeeds;
  readonly #row: RunRow;
  readonly #wish: RunWish;
  readonly #hears: PlannerHears;
  readonly #abort = new AbortController();
  readonly #thinking: Thinking;
  #waiting: Waiting | null = null;

  constructor(needs: RunNeeds, row: RunRow, wish: RunWish, hears: PlannerHears, rest: Rest) {
    this.#needs = needs;
    this.#row = row;
    this.#wish = wish;
    this.#hears = hears;
    this.#thinking = new Thinking(needs, rest);
  }

  get asks(): boolean {
    return this.#waiting !== null;
  }

  /** Whether a model plans it, which can be told what failed. */
  get plansAgain(): boolean {
    const { invocation } = this.#wish;
    if (invocation.kind !== 'goal' || invocation.mode === 'direct') return false;
    return invocation.mode === 'plan' || this.#needs.look.row(this.#row.id).mode === 'decompose';
  }

  ground(): PartGround {
    const { files } = this.#needs;
    return {
      order: (given) => orderOf(this.#row, this.#hears.ceiling(), given),
      left: async (part, signal) => {
        const found = await Promise.all(
          part.outputs.map((path) =>
            couldLeave(part, path) ? files.output(path, this.#row.id, signal) : Promise.resolve(null),
          ),
        );
        return {
          outputs: found.filter((output) => output !== null),
          missing: part.outputs.filter((_, i) => found[i] === null),
        };
      },
    };
  }

  /** A plan that is on the record already, with the very roles it was planned with. */
  async load(seq: number): Promise<Made> {
    const produced = await this.#needs.look.produced(seq);
    if (!produced) {
      throw new Problem('internal', 'Its plan is no longer kept.', 'Start it again.');
    }
    const checked = await this.#check(produced.plan, produced.roles);
    if (checked.problems.length > 0) {
      const problems = checked.problems.slice(0, 5).join(' ');
      throw new Problem('conflict', `Its plan can no longer be carried out: ${problems}`, 'Start it again.');
    }
    const listed = new Map(produced.listed.map((each) => [each.name, each]));
    const parts = checked.parts.map((part) => ({ part, listed: listed.get(part.name)! }));
    return { plan: produced.plan, checked, parts };
  }

  async make(row: RunRow): Promise<Planned> {
    const { look } = this.#needs;
    if (row.asked === null && row.answered !== null) return refused;
    const proposed = await proposalOf(
      {
        ...this.#needs,
        signal: this.#abort.signal,
        thinking: this.#thinking,
        says: (detail) => this.#hears.says(detail),
      },
      row,
      this.#wish,
      this.#hears.ceiling(),
    );
    if ('outcome' in proposed) return { how: 'ended', outcome: proposed.outcome };
    const lifted = await raised(this.#needs, row, proposed.plan, proposed.roles);
    let { plan } = lifted;
    let checked = await this.#check(plan, proposed.roles);
    if (checked.problems.length === 0 && !proposed.agreed && this.#isToAsk(checked)) {
      if (this.#wish.ceiling.unattended === 'deny' && this.#wish.approvePlan === 'always') return unasked;
      if (this.#wish.ceiling.unattended !== 'deny') {
        const answer = await this.#ask(row, { ...proposed, plan }, checked);
        if (answer === 'refused') return refused;
        ({ plan } = answer);
        checked = await this.#check(plan, proposed.roles);
      }
    }
    if (checked.problems.length > 0) return { how: 'ended', outcome: notStartable(checked.problems) };
    this.#abort.signal.throwIfAborted();
    const agreed = { ...proposed, plan, checked };
    const { drafts, parts } = await producedDrafts(
      this.#needs,
      look.row(this.#row.id),
      agreed,
      this.#abort.signal,
    );
    await this.#needs.record.appendAll([...lifted.drafts, ...drafts]);
    this.#hears.says(null);
    return { how: 'made', made: { plan, checked, parts } };
  }

  /** The person's answer to a plan that waits. */
  async answer(
    answer: 'start' | 'refuse',
    { plan, widen }: { plan: Plan | null; widen: boolean },
    by: Actor,
  ): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting) {
      throw new Problem(
        'conflict',
        'No plan of this run waits for an answer.',
        'Look at it with `holdfast status`.',
      );
    }
    const { chosen, ceiling } =
      answer === 'start'
        ? await this.#startable(plan ?? waiting.plan, waiting.roles, widen)
        : { chosen: plan ?? waiting.plan, ceiling: null };
    const blobs: BlobDraft[] = chosen === waiting.plan ? [] : [jsonBlob('plan.json', chosen)];
    const draft: Draft = {
      kind: 'plan.answered',
      actor: by,
      scope: { run: this.#row.id },
      data: { answer, changed: chosen !== waiting.plan, ...(ceiling ? { widened: ceiling } : {}) },
      ...(blobs.length > 0 ? { blobs } : {}),
    };
    // Only one answer counts, also where two come at once.
    if (this.#waiting !== waiting) return this.answer(answer, { plan, widen }, by);
    this.#waiting = null;
    try {
      await this.#needs.record.appendAll([draft]);
    } catch (failure) {
      this.#waiting = waiting;
      throw failure;
    }
    if (ceiling) this.#hears.widen(ceiling);
    waiting.answered.resolve(answer === 'refuse' ? 'refused' : { plan: chosen });
    this.#hears.says(null);
  }

  /** Whoever plans rests, and nobody else begins to. */
  pause(): Promise<void> {
    return this.#thinking.pause();
  }

  resume(): Promise<void> {
    return this.#thinking.resume();
  }

  /** Nothing of it is to run any more. */
  stop(reason: string): void {
    this.#cut(new Interrupted(reason, false));
  }

  leave(): void {
    this.#cut(new Interrupted('Holdfast is stopping.', true));
  }

  #cut(why: Interrupted): void {
    this.#abort.abort(why);
    this.#waiting?.answered.reject(why);
    this.#waiting = null;
  }

  #isToAsk({ beyond }: CheckedPlan): boolean {
    const { approvePlan } = this.#wish;
    return approvePlan === 'always' || (approvePlan === 'beyond' && beyond.length > 0);
  }

  async #ask(row: RunRow, { plan, roles, asked }: Proposal, { beyond }: CheckedPlan) {
    this.#abort.signal.throwIfAborted();
    const answered = Promise.withResolvers<{ plan: Plan } | 'refused'>();
    if (!asked) {
      const draft: Draft = {
        kind: 'plan.asked',
        actor: system,
        scope: { run: row.id },
        data: { round: row.rounds + 1, beyond: beyond.slice(0, 1000) },
        blobs: [jsonBlob('plan.json', plan)],
      };
      await this.#needs.record.appendAll([draft]);
      this.#abort.signal.throwIfAborted();
    }
    this.#waiting = { plan, roles, answered };
    this.#hears.says(
      beyond.length > 0 ? `Its plan waits for you: ${beyond.join('; ')}` : 'Its plan waits for you.',
    );
    return answered.promise;
  }

  /** The plan as it can be started, with the ceiling that it starts under where that is a wider one. */
  async #startable(
    plan: Plan,
    roles: ReadonlyMap<string, Role>,
    widen: boolean,
  ): Promise<{ chosen: Plan; ceiling: Ceiling | null }> {
    const checked = await this.#unflawed(plan, roles);
    if (!widen) return { chosen: plan, ceiling: null };
    const named = await reallyNamed(plan, checked.wants.folders);
    const { wants } = named ? await this.#unflawed(named, roles) : checked;
    await refuseLinks(wants.folders);
    const ceiling = widened(this.#hears.ceiling(), wants);
    await this.#unflawed(named ?? plan, roles, ceiling);
    return { chosen: named ?? plan, ceiling };
  }

  async #unflawed(plan: Plan, roles: ReadonlyMap<string, Role>, ceiling?: Ceiling): Promise<CheckedPlan> {
    const checked = await this.#check(plan, roles, ceiling);
    if (checked.problems.length === 0) return checked;
    throw new Problem('invalid_input', checked.problems.join('\n'), 'Change the plan, or refuse it.');
  }

  async #check(
    plan: Plan,
    roles: ReadonlyMap<string, Role>,
    ceiling = this.#hears.ceiling(),
  ): Promise<CheckedPlan> {
    const planning = await this.#needs.planning();
    return planning.check(plan, roles, ceiling, { runFolder: this.#row.folder });
  }
}

const refused: Planned = {
  how: 'ended',
  outcome: { label: 'blocked', reason: 'Its plan was refused.' },
};

const unasked: Planned = {
  how: 'ended',
  outcome: { label: 'blocked', reason: 'Its plan was to be agreed to, and nobody is there to ask.' },
};

function notStartable(problems: readonly string[]): RunOutcome {
  const shown = problems.slice(0, 10).join('\n');
  return { label: 'generic_failure', reason: `Its plan cannot be carried out: ${shown}`.slice(0, 4000) };
}
