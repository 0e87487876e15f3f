import type { RecordedEvent } from '../../shared/events/event.ts';
import { sentenceOf, toneOf } from '../../shared/events/catalogue.ts';
import { spentMoney } from '../../shared/money-words.ts';
import { plural } from '../../shared/plural.ts';
import type { Run, RunSubtask } from '../../shared/run.ts';
import { aligned, harmless, moment, tinted, type Tone } from './output.ts';

const tones: Readonly<Record<ReturnType<typeof toneOf>, Tone>> = {
  quiet: 'plain',
  good: 'good',
  running: 'plain',
  waits: 'warning',
  refused: 'bad',
};

/** What became of a run, or what it does now. */
export function becameOf({ outcome, state, waits, reviewing }: Run): string {
  if (outcome) {
    return `${outcome.label.replaceAll('_', ' ')}${reviewing ? ', its changes wait for you' : ''}`;
  }
  return waits > 0 ? `${state}, waits for you` : state;
}

export function runCells(run: Run): string[] {
  const { done } = run.counts;
  const all = Object.values(run.counts).reduce((sum, count) => sum + count, 0);
  const title = harmless(run.title);
  return [
    run.id,
    becameOf(run),
    all === 0 ? '' : `${done}/${all}`,
    moment(run.created),
    title.length > 80 ? `${title.slice(0, 79)}…` : title,
  ];
}

/** One event of a run: when, which part, and what happened. */
export function runEventLine(event: RecordedEvent, part: string): string {
  const sentence = tinted(tones[toneOf(event.kind)], harmless(sentenceOf(event)));
  return `${tinted('quiet', moment(event.time).slice(11))}  ${harmless(part).padEnd(12)}  ${sentence}`;
}

export function secondsOf({ started, created, ended }: Run, now: Date): number {
  return ((ended === null ? now.getTime() : Date.parse(ended)) - Date.parse(started ?? created)) / 1000;
}

/** How it ended, what it cost and how long it took. */
export function endLine(run: Run, now: Date): string {
  const { input, output } = run.usage;
  const tokens = input + output;
  const spent =
    tokens === 0
      ? 'no model'
      : `${plural(tokens, 'token')}, ${spentMoney(run.cost ?? 0, run.cost === null ? 1 : 0)}`;
  const reason = run.outcome?.reason ? `: ${harmless(run.outcome.reason)}` : '';
  return `${run.id} ${becameOf(run)}${reason} (${secondsOf(run, now).toFixed(1)} s, ${spent})`;
}

/** Everything of one run, for a person. */
export function runLines(run: Run, subtasks: readonly RunSubtask[], now: Date): string[] {
  const { folder, detail, ceiling, interrupted, rounds, forkOf, outputs, result } = run;
  const facts = [
    ['run', run.id],
    ['title', harmless(run.title)],
    ['state', `${becameOf(run)}${detail === null ? '' : `: ${harmless(detail)}`}`],
    ...(run.outcome?.reason ? [['reason', harmless(run.outcome.reason)]] : []),
    ['since', `${moment(run.created)}, ${secondsOf(run, now).toFixed(1)} s`],
    ['folders', harmless(ceiling.folders.map(({ path, mode }) => `${path} (${mode})`).join(', ')) || 'none'],
    ['hosts', harmless(ceiling.hosts.join(', ')) || 'none'],
    ...(rounds > 1 ? [['planned', `${rounds} times`]] : []),
    ...(interrupted > 0 ? [['interrupted', `${plural(interrupted, 'time')}; it went on`]] : []),
    ...(forkOf ? [['forked from', forkOf.run]] : []),
    ['its folder', folder === null ? 'removed' : harmless(folder)],
  ];
  const parts = subtasks
    .slice(0, 200)
    .map((part) => [
      `  ${harmless(part.name)}`,
      part.kept ? 'kept' : part.state,
      part.role,
      part.attempt > 1 ? `try ${part.attempt}` : '',
      part.outcome?.reason ? harmless(part.outcome.reason) : '',
    ]);
  return [
    ...aligned(facts),
    ...(parts.length > 0 ? ['', ...aligned(parts)] : []),
    ...(subtasks.length > 200 ? [`  and ${subtasks.length - 200} more`] : []),
    ...(outputs.length > 0
      ? ['', ...outputs.map(({ path, bytes }) => `${harmless(path)}  ${plural(bytes, 'byte')}`)]
      : []),
    ...(result === null
      ? []
      : [
          '',
          ...result
            .trimEnd()
            .split('\n')
            .map((line) => harmless(line.replaceAll('\t', '    '))),
        ]),
  ];
}
