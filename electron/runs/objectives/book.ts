import type { Objective } from '../../../shared/objective.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Agents } from '../../agents/agents.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Clock } from '../../base/clock.ts';
import { dueTimes, timingProblem } from '../../base/cron.ts';
import {
  allObjectives,
  failuresInRow,
  leftOutSince,
  newestTimes,
  openTimes,
  pauseOf,
} from '../objective-rows.ts';
import { type Standing, standingAgent, standingOf, timeOf } from './standing.ts';

const shownTimes = 20;
const shownNext = 5;

/** What stands: objectives of the record and those of agents' files, with what is known of each. */
export class Book {
  readonly #record: Pick<AuditRecord, 'rows'>;
  readonly #clock: Clock;
  readonly #agents = new Map<string, Standing>();

  constructor(record: Pick<AuditRecord, 'rows'>, clock: Clock) {
    this.#record = record;
    this.#clock = clock;
  }

  standing(): Standing[] {
    const own = this.#record.rows(allObjectives).map(standingOf);
    return [...own, ...this.#agents.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  named(name: string): Standing {
    const found = this.standing().find((each) => each.name === name);
    if (found) return found;
    throw new Problem(
      'not_found',
      `There is no objective “${name}”.`,
      '`holdfast schedule list` says which there are.',
    );
  }

  rows(name: string) {
    const [pause] = this.#record.rows(pauseOf, name);
    const times = this.#record.rows(newestTimes, name, shownTimes);
    const running = this.#record.rows(openTimes, name);
    // Whoever goes on with it after a pause begins to count anew.
    const after = pause?.['paused'] === 0 ? Number(pause['seq']) : -1;
    const [failed] = this.#record.rows(failuresInRow, name, after, name);
    const [left] = this.#record.rows(leftOutSince, name, name);
    return {
      pause,
      times,
      running,
      paused: pause?.['paused'] === 1,
      failures: Number(failed?.['failures']),
      leftOut: Number(left?.['count']),
      waiting: typeof left?.['waiting'] === 'string' ? new Date(left['waiting']) : null,
    };
  }

  shown(standing: Standing): Objective {
    const { name, agent, timing, policy, work, words, by } = standing;
    const { pause, times, running, failures, paused } = this.rows(name);
    const problem = timingProblem(timing);
    const next = paused || problem !== null ? [] : dueTimes(timing, this.#clock.now(), shownNext);
    return {
      name,
      agent,
      timing,
      policy,
      work,
      words,
      by,
      from: agent === null ? 'person' : 'agent_file',
      problem: problem === null ? null : `Its schedule ${problem}`,
      paused,
      pausedBy: paused ? (pause?.['cause'] === 'failures' ? 'failures' : 'asked') : null,
      pausedWhy: paused ? String(pause?.['why']) : null,
      next: next.map((time) => time.toISOString()),
      running: running.length,
      failures,
      times: times.map(timeOf),
    };
  }

  take(entries: Awaited<ReturnType<Agents['list']>>): void {
    this.#agents.clear();
    for (const { agent } of entries) {
      const standing = agent && standingAgent(agent);
      if (standing) this.#agents.set(standing.name, standing);
    }
  }
}
