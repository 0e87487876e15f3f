import { runOutcomes, type Run } from '../../shared/run.ts';
import type { RecordedEvent } from '../../shared/events/event.ts';
import { deedWords } from './run-wish.ts';
import { askLine, onTerminal } from './ask.ts';
import type { Client } from './client.ts';
import { followEvents } from './follow.ts';
import { onInterrupt } from './interrupt.ts';
import { harmless, type Output } from './output.ts';
import { waitingWords } from './reviewed.ts';
import { endLine, runEventLine } from './run-lines.ts';

export interface FollowingRun {
  readonly client: Client;
  readonly out: Output;
  readonly run: string;
  /** Whether interrupting this command may stop the run. */
  readonly own: boolean;
}

/** Twice within so many milliseconds means: stop it. */
const twice = 2000;

/** The run is over. */
class Ended extends Error {}

/** What is told of a run line by line; the rest is in its record. */
const shown = /^(run|plan|orchestration|subtask|approval|tool|budget|model)\.|^session\.ended$/;
const hidden = new Set(['model.requested', 'tool.finished', 'plan.produced']);

/** Code that answers in the place of a model has nothing to tell of a call. */
function isCode({ kind, data }: RecordedEvent): boolean {
  return (
    kind === 'model.called' &&
    String((data as { model?: unknown } | undefined)?.model).startsWith('holdfast/')
  );
}

/** One line for each event, with the part that it is of. */
function teller(out: Output): (event: RecordedEvent) => Promise<void> {
  const parts = new Map<string, string>();
  return async (event) => {
    const { subtask } = event.scope;
    const name = (event.data as { name?: unknown } | undefined)?.name;
    if (subtask !== undefined && event.kind.startsWith('subtask.') && typeof name === 'string') {
      parts.set(subtask, name);
    }
    if (!out.json && (!shown.test(event.kind) || hidden.has(event.kind) || isCode(event))) return;
    const part = subtask === undefined ? '' : (parts.get(subtask) ?? 'planner');
    await out.item(event, () => runEventLine(event, part));
  };
}

/** What happened in a run so far. */
export async function eventsOf(client: Client, out: Output, run: string): Promise<void> {
  const tell = teller(out);
  for (let after = -1; ;) {
    const { events } = await client.record.query({ filter: { run }, after, limit: 500 });
    for (const event of events) await tell(event);
    const last = events.at(-1)?.seq;
    if (last === undefined || events.length < 500) return;
    after = last;
  }
}

/** Shows what happens in a run, from its beginning to its end, and ends as it ends; interrupted once, it leaves the run to itself. */
export async function followRun({ client, out, run, own }: FollowingRun): Promise<void> {
  const tell = teller(out);
  const show = async (event: RecordedEvent) => {
    await tell(event);
    if (event.kind === 'plan.asked') await answerPlan(client, out, run);
    if (event.kind === 'run.finished') throw new Ended();
  };
  const leaving = new AbortController();
  const forget = own ? onInterrupt(interruptions(client, out, run, () => leaving.abort())) : () => undefined;
  try {
    const next = await firstOf(client, run);
    const say = (text: string) => out.say(text);
    await followEvents({ client, filter: { run }, next, show, say, signal: leaving.signal });
    return;
  } catch (thrown) {
    if (!(thrown instanceof Ended)) throw thrown;
  } finally {
    forget();
  }
  await tellEnd(out, await client.runs.get({ run }));
}

async function tellEnd(out: Output, run: Run): Promise<void> {
  if (run.result !== null && !out.json) {
    for (const line of run.result.trimEnd().split('\n'))
      process.stdout.write(`${harmless(line.replaceAll('\t', '    '))}\n`);
  }
  if (out.json) await out.item({ run }, () => '');
  for (const { path } of run.outputs) out.say(harmless(path));
  out.say(endLine(run, new Date()));
  if (run.reviewing && !out.json) out.say(waitingWords(run.id));
  if (run.outcome) process.exitCode = runOutcomes[run.outcome.label];
}

async function firstOf(client: Client, run: string): Promise<number> {
  const { events } = await client.record.query({ filter: { run }, after: -1, limit: 1 });
  return events[0]?.seq ?? 0;
}

function interruptions(
  client: Client,
  out: Output,
  run: string,
  leave: () => void,
): (signal: NodeJS.Signals) => void {
  let first: NodeJS.Timeout | undefined;
  let stopping = false;
  return (signal) => {
    if (signal !== 'SIGINT') return leave();
    if (stopping) return;
    if (first) {
      clearTimeout(first);
      stopping = true;
      out.say('It is stopped.');
      void client.runs.stop({ run }).catch(() => leave());
      return;
    }
    out.say(
      `It goes on as ${run}. Ctrl-C again now stops it; later: \`holdfast stop ${run}\`, or \`holdfast logs ${run} -f\`.`,
    );
    first = setTimeout(leave, twice).unref();
  };
}

/** A plan that waits: put before whoever sits here, else said how to answer it. */
async function answerPlan(client: Client, out: Output, run: string): Promise<void> {
  const how = `\`holdfast plan ${run} --start\`, or \`--refuse\``;
  const waiting = await client.runs.get({ run });
  if (waiting.state !== 'asking') return;
  if (out.json || !onTerminal()) return out.say(`Its plan waits for you: ${how}.`);
  for (const line of [...deedWords(waiting.ceiling), waiting.detail ?? '']) out.say(harmless(line));
  const said = await askLine(
    'Start it? [y]es, [w]ith all that it asks for, or [N]o: ',
    `It waits still: ${how}.`,
  );
  const widen = /^w/i.test(said);
  const answer = widen || /^y/i.test(said) ? 'start' : 'refuse';
  await client.runs.answerPlan({ run, answer, widen });
}
