import type { Actor, Scope } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { isOver, type Job } from '../../../shared/job.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Clock } from '../../base/clock.ts';
import { newId } from '../../base/ids.ts';
import type { Log } from '../../base/log.ts';
import type { CommandEnd } from '../../sandbox/sandbox.ts';
import type { HandsOf, RunLine } from '../hand-makers.ts';
import type { JobHands } from '../hands.ts';
import { shellCommand } from '../shell-command.ts';
import {
  jobByCall,
  jobById,
  jobOfRow,
  type JobRecord,
  jobsOfSession,
  latestJobs,
  withOutput,
} from './job-look.ts';
import { endOfJob, LiveJob } from './live-job.ts';
import { Places } from './places.ts';

/** Of one session: more wait in line. */
const mostAtWork = 10;
const mostWaiting = 1000;

type Wish = Parameters<JobHands['submit']>[0];

/**
 * Commands that outlive the call that gave them. Each is on the record before it starts and when it ends; it runs in
 * its session’s sandbox and goes with it, so what a killed life leaves open is lost and told to the model.
 */
export class Jobs {
  readonly #record: JobRecord;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #live = new Map<string, LiveJob>();
  readonly #work = new Map<string, Promise<void>>();
  readonly #places = new Map<string, Places>();
  #leaving = false;

  constructor(record: JobRecord, clock: Clock, log: Log) {
    this.#record = record;
    this.#clock = clock;
    this.#log = log;
  }

  list(session: string | null): Job[] {
    const rows = session === null ? this.#record.rows(latestJobs) : this.#record.rows(jobsOfSession, session);
    return rows.map((row) => {
      const live = this.#live.get(String(row['id']));
      return { ...(live?.facts ?? jobOfRow(row)), stdout: '', stderr: '' };
    });
  }

  async get(id: string): Promise<Job> {
    const live = this.#live.get(id);
    return live ? live.facts : withOutput(this.#record, this.#row(id));
  }

  async *watch(id: string, signal: AbortSignal): AsyncGenerator<Job, void> {
    const live = this.#live.get(id);
    if (live) yield* live.watch(signal);
    else yield await this.get(id);
  }

  /** Ends it, and resolves when it has ended. */
  async cancel(id: string, reason: string, by: Actor): Promise<Job> {
    const live = this.#live.get(id);
    if (!live || live.isOver) {
      const job = await this.get(id);
      throw new Problem('conflict', `The job is ${job.state} already.`);
    }
    live.cancelled ??= { by, reason };
    live.stop();
    await this.#work.get(id);
    return live.facts;
  }

  /** Given again by the same call, after a crash, it is the one that there is. */
  async submit(of: HandsOf, wish: Wish, run: RunLine): Promise<Job> {
    const [before] = this.#record.rows(jobByCall, of.call);
    if (before) return this.get(String(before['id']));
    if (this.#placesOf(of.session).waiting >= mostWaiting) {
      throw new Problem(
        'too_many',
        `${mostWaiting} jobs wait in line already.`,
        'Wait for some of them to end.',
      );
    }
    const { agent, session, call } = of;
    const job = newId('job', this.#clock.now());
    const { line, cwd, writes, labels } = wish;
    const actor: Actor = { kind: 'agent', id: agent.name };
    const scope: Scope = { session, agent: agent.name };
    const data = { job, call, line, cwd, writes, labels: { ...labels } };
    const { time } = await this.#record.append({ kind: 'job.submitted', actor, scope, data });
    const live = new LiveJob({
      id: job,
      session,
      agent: agent.name,
      state: 'pending',
      line,
      labels: { ...labels },
      code: null,
      error: null,
      submitted: time,
      started: null,
      finished: null,
    });
    this.#live.set(job, live);
    const work = this.#carryOut(live, wish, run)
      .catch((failure: unknown) => {
        this.#log.error({ err: failure, job }, 'a job could not be carried out');
        live.change({ state: 'failed', error: Problem.of(failure).message });
      })
      .finally(() => {
        this.#work.delete(job);
        if (!this.#leaving) this.#live.delete(job);
      });
    this.#work.set(job, work);
    return live.facts;
  }

  /** Ends what a session leaves. */
  async ended(session: string): Promise<void> {
    const open = [...this.#live.values()].filter(({ facts }) => facts.session === session);
    await Promise.all(
      open
        .filter((live) => !live.isOver)
        .map(({ facts }) => this.cancel(facts.id, 'its session ended', { kind: 'system' })),
    );
    this.#places.delete(session);
  }

  /** Jobs that an earlier life left open, in words for the model; once it was told them, they are lost. */
  lost(session: Id<'session'>): string[] {
    return this.#record
      .rows(jobsOfSession, session)
      .filter((row) => !isOver(String(row['state']) as Job['state']) && !this.#live.has(String(row['id'])))
      .toReversed()
      .map(jobOfRow)
      .map(({ id, line }) => `the job ${id} (${firstLine(line)}), with what it had said`);
  }

  /** From now on what ends is left open on the record, for the next life to find it lost. */
  leave(): void {
    this.#leaving = true;
  }

  /** Nothing of it is at work any more. */
  async close(): Promise<void> {
    this.#leaving = true;
    for (const live of this.#live.values()) live.stop();
    await Promise.all(this.#work.values());
  }

  async #carryOut(live: LiveJob, wish: Wish, run: RunLine): Promise<void> {
    const leave = await this.#placesOf(live.facts.session).take(live.stopped);
    try {
      const end = leave && !this.#leaving ? await this.#ran(live, wish, run) : null;
      // A sandbox that goes takes its jobs along; those of a house that stops, the next life finds.
      if (!this.#leaving) await this.#over(live, end);
    } finally {
      leave?.();
    }
  }

  async #ran(live: LiveJob, { line, cwd, writes, stdin }: Wish, run: RunLine): Promise<CommandEnd> {
    const { id: job, session, agent } = live.facts;
    const by: Actor = { kind: 'agent', id: agent };
    const scope = { session, agent };
    const { time } = await this.#record.append({ kind: 'job.started', actor: by, scope, data: { job } });
    live.change({ state: 'running', started: time });
    try {
      return await live.follow(await run({ argv: shellCommand(line), cwd, writes }), stdin);
    } catch (thrown) {
      return { how: 'not_started', code: 126, reason: Problem.of(thrown).message };
    }
  }

  /** `end` null: it never began. */
  async #over(live: LiveJob, end: CommandEnd | null): Promise<void> {
    const { id: job, session, agent, stdout, stderr } = live.facts;
    const file = (name: string, text: string) =>
      text === '' ? [] : [{ name, type: 'text/plain', content: Buffer.from(text) }];
    const blobs = [...file('stdout.txt', stdout), ...file('stderr.txt', stderr)];
    const scope = { session, agent };
    const { cancelled } = live;
    if (cancelled || !end) {
      const { by, reason } = cancelled ?? { by: { kind: 'system' } as const, reason: 'it never began' };
      const told = { kind: 'job.cancelled', actor: by, scope, blobs, data: { job, reason } } as const;
      const { time: finished } = await this.#record.append(told);
      return live.change({ state: 'cancelled', error: reason, finished });
    }
    const actor: Actor = { kind: 'agent', id: agent };
    const { state, code, ended } = endOfJob(end);
    if (end.how === 'lost') {
      const told = { kind: 'job.lost', actor, scope, blobs, data: { job, reason: ended } } as const;
      const { time: finished } = await this.#record.append(told);
      return live.change({ state: 'lost', error: ended, finished });
    }
    const told = { kind: 'job.finished', actor, scope, blobs, data: { job, state, code, ended } } as const;
    const { time: finished } = await this.#record.append(told);
    live.change({ state, code, error: state === 'done' ? null : ended, finished });
  }

  #placesOf(session: string): Places {
    const known = this.#places.get(session);
    if (known) return known;
    const made = new Places(mostAtWork);
    this.#places.set(session, made);
    return made;
  }

  #row(id: string) {
    const [row] = this.#record.rows(jobById, id);
    if (row) return row;
    throw noJob(id);
  }
}

const firstLine = (text: string) => (text.split('\n', 1)[0] ?? '').slice(0, 200).toWellFormed();

export const noJob = (id: string) => new Problem('not_found', `There is no job ${id.slice(0, 64)}.`);
